/** What staff send to add or change a guide. */

import { z } from "zod";
import { text, requiredText } from "#api/forms/fields.ts";

/** Slugs that are paths of the site itself below /guides. */
const reservedSlugs = ["again", "new", "received"];

const title = requiredText(80, "題名は 80 文字までで入力してください。", "題名を入力してください。").transform(
  (value) => value.replace(/\s+/gu, " ").trim(),
);

const contents = text(2000, "なかみは全部で 2,000 文字までで入力してください。")
  .default("")
  .transform((value) =>
    value
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  )
  .refine((lines) => lines.length <= 30, "なかみは 30 行までにしてください。");

const descriptionFields = {
  title,
  summary: requiredText(300, "紹介は 300 文字までで入力してください。", "紹介を入力してください。").transform((v) =>
    v.trim(),
  ),
  forWhom: requiredText(
    100,
    "「読んでいただきたい方」は 100 文字までで入力してください。",
    "読んでいただきたい方を入力してください。",
  ).transform((v) => v.trim()),
  /** Its chapters, one per line. */
  contents,
};

/** Last part of the guide's URL; generated when it is left out. */
const slug = text(60, "アドレスは 60 文字までで入力してください。")
  .transform((value) => value.trim())
  .refine(
    (value) => /^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(value),
    "アドレスは、半角の英小文字と数字を「-」でつないでください。例: school-meals",
  )
  .refine(
    (value) => !reservedSlugs.includes(value),
    "このアドレスはサイトのほかの画面で使っています。別のものにしてください。",
  );

const file = z.instanceof(File, { error: "PDF のファイルを選んでください。" });

export const NewGuide = z.strictObject({ ...descriptionFields, slug: slug.optional(), file });
export const GuideWords = z.strictObject(descriptionFields);
export const NewVersion = z.strictObject({ file });

export type NewGuide = z.output<typeof NewGuide>;
export type GuideWords = z.output<typeof GuideWords>;
