/** What a browser sends while somebody types into a staff form. */

import { z } from "zod";
import { isKeyedForm, isStaffPage } from "./unsent.ts";

/** The form's own fields come beside these, whatever they are: a draft is not judged. */
export const DraftForm = z.looseObject({
  draft_form: z.string().refine(isKeyedForm, "このフォームの下書きは保存できません。"),
  draft_page: z.string().refine(isStaffPage, "このフォームの下書きは保存できません。"),
});
