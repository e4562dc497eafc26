/** What analysts and managers send to import the cost of advertisements. */

import { z } from "zod";
import { text } from "#api/forms/fields.ts";

export const NewUpload = z.strictObject({
  file: z.instanceof(File, { error: "レポートのファイル（.csv）を選んでください。" }),
});

const day = text(10, "日付を選んでください。").refine(
  (value) => /^\d{4}-\d{2}-\d{2}$/u.test(value) && !Number.isNaN(Date.parse(value)),
  "2026-10-01 の形で入力してください。",
);

/** What a file does not say, or what somebody wants to say otherwise. */
export const UploadChoiceForm = z
  .strictObject({
    account: text(80, "アカウントの名前は 80 文字までで入力してください。").optional(),
    currency: text(3, "通貨は JPY のように 3 文字で入力してください。")
      .refine((value) => /^[A-Za-z]{3}$/u.test(value), "通貨は JPY のように 3 文字で入力してください。")
      .optional(),
    time_zone: text(60, "タイムゾーンは Asia/Tokyo のように入力してください。").optional(),
    from: day.optional(),
    to: day.optional(),
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), {
    path: ["to"],
    error: "開始日と終了日の両方を入力してください。",
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ["to"],
    error: "終了日は、開始日と同じか後の日にしてください。",
  });
