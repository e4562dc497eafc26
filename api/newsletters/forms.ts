/** What staff send to write, save and send a newsletter. */

import { z } from "zod";
import { text, version } from "#api/forms/fields.ts";

/** One line: a line break would end the header field of the mail. */
const subject = text(200, "件名は 200 文字までで入力してください。")
  .transform((value) => value.replace(/\s+/gu, " ").trim())
  .refine((value) => value !== "", "件名を入力してください。");

const body = text(20_000, "本文は 20,000 文字までで入力してください。");

const draftFields = {
  subject: z.preprocess((value) => value ?? "", subject),
  /** May be empty in a draft; an empty one is not sent. */
  body: z.preprocess((value) => value ?? "", body),
  /** Slug of the list it goes to. */
  list: text(60, "配信先を選び直してください。").optional(),
};

export const NewDraft = z.strictObject(draftFields);

export const SavedDraft = z.strictObject({ ...draftFields, version });

export const Sending = z.strictObject({ version });
