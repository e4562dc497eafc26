/** What a family or a professional may send when asking for help. */
import { z } from "zod";
import { codes, heardFrom, municipality, relation, replyBy, schoolStage, topic } from "#db/terms.ts";
import { Carried, isTicked, MailAddress, text, words } from "./fields.ts";

const choice = <const T extends Record<string, string>>(terms: T, error: string) => z.enum(codes(terms), { error });

const PhoneNumber = text(40, "電話番号が長すぎます。").refine(
  (value) => /^(?:\d{10,11}|\+81\d{9,10})$/u.test(foldPhone(value)),
  "電話番号は 10 桁か 11 桁の数字で入力してください。例: 086-000-0000",
);

/** Digits only, for comparing: NFKC, then without spaces, brackets and every kind of dash. */
export const foldPhone = (value: string) => value.normalize("NFKC").replace(/[\s()\p{Pd}−ー]/gu, "");

const severalOf = <const T extends Record<string, string>>(terms: T, error: string) =>
  z.preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z.array(choice(terms, error), { error }).max(20, error),
  );

/** Judged even when other fields are wrong: people are told of all their slips at once. */
const isObject = ({ value }: { value: unknown }) => value !== null && typeof value === "object";

const messageMissing = "困っていること、聞いてみたいことを入力してください。ひとことでもかまいません。";

export const ConsultationForm = z
  .strictObject({
    message: words(4000, "ご相談の内容は 4000 文字までで入力してください。", messageMissing),
    reply_by: choice(replyBy, "お返事の方法を選んでください。"),
    email: MailAddress.optional(),
    phone: PhoneNumber.optional(),
    name: text(100, "お名前は 100 文字までで入力してください。").optional(),
    relation: choice(relation, "お子さんとの関係を選び直してください。").optional(),
    topics: severalOf(topic, "相談したいことを選び直してください。").optional(),
    school_stage: choice(schoolStage, "お子さんの年代を選び直してください。").optional(),
    municipality: choice(municipality, "お住まいの市町村を選び直してください。").optional(),
    heard_from: choice(heardFrom, "知ったきっかけを選び直してください。").optional(),
    // An empty box sends nothing at all; not a default, which would make the field optional in the description.
    consent: z
      .preprocess((value) => value ?? false, isTicked)
      .refine((ticked) => ticked, "読んだうえで、同意のチェックを入れてください。"),
    ...Carried,
  })
  .refine((form) => form.reply_by !== "email" || form.email !== undefined, {
    path: ["email"],
    error: "お返事を送るメールアドレスを入力してください。",
    when: isObject,
  })
  .refine((form) => form.reply_by !== "phone" || form.phone !== undefined, {
    path: ["phone"],
    error: "お電話する番号を入力してください。",
    when: isObject,
  });

export type ConsultationForm = z.output<typeof ConsultationForm>;
