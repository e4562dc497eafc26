/** What managers send to replace texts of pages. */

import { z } from "zod";
import { text } from "#api/forms/fields.ts";
import { textWords } from "#db/words/staff/texts.ts";

/** Number of the last change that the form showed, 0 before the first. */
const version = z.coerce.number({ error: textWords.reload }).int().nonnegative();

export const TextForm = z.strictObject({
  body: text(10_000, textWords.tooLong, textWords.empty),
  version,
  /** The button 「見てみる」: nothing is saved, and the page shows what it would look like. */
  look: z.string().optional(),
});

export const TextVersionForm = z.strictObject({ version });

export const RestoreTextForm = z.strictObject({
  version,
  change: z.coerce.number({ error: textWords.reload }).int().positive(),
});

export const MoveForm = z.strictObject({
  version,
  /** Id of the section. */
  to: text(60, textWords.noTarget, textWords.noTarget),
});
