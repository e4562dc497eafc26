/** What a browser sends while somebody types into a staff form. */

import { z } from "zod";
import { isKeyedForm, isStaffPage } from "./unsent.ts";

/** The form's own fields come beside these, whatever they are: a draft is not judged. */
export const DraftForm = z.looseObject({
  draft_form: z.string().refine(isKeyedForm, "このフォームの下書きは保存できません。"),
  /** Key of the form, and id of the draft that lay in it when it was shown. */
  draft_key: z.string().optional(),
  draft_id: z.string().optional(),
  draft_page: z.string().refine(isStaffPage, "このフォームの下書きは保存できません。"),
});

/** Where the button was pressed that drops a draft: in the list of drafts, else on the page of its form. */
export const DropForm = z.strictObject({ from: z.literal("list").optional() });
