/** What staff send to find a reader and to do something for them. */

import { z } from "zod";
import { MailAddress, text } from "#api/forms/fields.ts";
import { readerWords } from "#db/words/staff/readers.ts";

export const FindForm = z.strictObject({ email: MailAddress });

export const CorrectForm = z.strictObject({ email: MailAddress });

/** One list, by its slug. */
export const StopForm = z.strictObject({ list: text(60, readerWords.listUnknown, readerWords.listUnknown) });
