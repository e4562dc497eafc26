/** What the newsletter's writers send. */

import { z } from "zod";
import { text, version } from "#api/forms/fields.ts";

/** One line: a line break in it would end the header of a mail. */
const subject = text(200, "件名は 200 文字までで入力してください。")
  .transform((value) => value.replace(/\s+/gu, " ").trim())
  .refine((value) => value !== "", "件名を入力してください。");

const body = text(20_000, "本文は 20,000 文字までで入力してください。");

const written = {
  subject: z.preprocess((value) => value ?? "", subject),
  /** May stay empty in a draft; sending refuses it. */
  body: z.preprocess((value) => value ?? "", body),
  /** Slug of the list it goes to. */
  list: text(60, "配信先を選び直してください。").optional(),
};

export const NewDraft = z.strictObject(written);

export const SavedDraft = z.strictObject({ ...written, version });

export const Sending = z.strictObject({ version });
