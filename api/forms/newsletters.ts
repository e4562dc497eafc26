/** What the newsletter's writers send. */
import { z } from "zod";

const version = z.coerce.number({ error: "画面を読み込み直してください。" }).int().positive();

const text = (max: number, tooLong: string) =>
  z
    .string({ error: "文字で入力してください。" })
    .refine(
      (value) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u.test(value) && value.isWellFormed(),
      "使えない文字（制御文字）が含まれています。",
    )
    .transform((value) => value.replace(/\r\n?/gu, "\n"))
    .refine((value) => [...value].length <= max, tooLong);

/** One line: a line break in it would end the header of a mail. */
const subject = text(200, "件名は 200 文字までで入力してください。")
  .transform((value) => value.replace(/\s+/gu, " ").trim())
  .refine((value) => value !== "", "件名を入力してください。");
const body = text(20_000, "本文は 20,000 文字までで入力してください。");

const written = {
  subject: z.preprocess((value) => value ?? "", subject),
  /** May stay empty in a draft; sending refuses it. */
  body: z.preprocess((value) => value ?? "", body),
};

export const NewDraft = z.strictObject(written);
export const SavedDraft = z.strictObject({ ...written, version });
export const Sending = z.strictObject({ version });
export const Press = z.strictObject({});
