/** What staff send about what a peer reads. */

import { z } from "zod";
import { isTicked, text } from "#api/forms/fields.ts";

export const BriefForm = z.strictObject({
  /** Empty: the brief is withdrawn. */
  brief: text(4000, "4000 文字までで入力してください。").default(""),
  /** Id of the brief that the page showed; "" where there was none. */
  seen: z.string().default(""),
});

export const EntryShownForm = z.strictObject({ shown: isTicked });

export type BriefForm = z.output<typeof BriefForm>;
