/** What staff send as the text that every reader of a case must know. */

import { z } from "zod";
import { text } from "#api/forms/fields.ts";

export const SideNoteForm = z.strictObject({
  /** Empty: there is nothing to know any more. */
  note: text(300, "300 文字までで入力してください。").default(""),
  /** Id of the note that the writer's page had shown; "" when there was none. */
  latest: z.string().default(""),
});

export type SideNoteForm = z.output<typeof SideNoteForm>;
