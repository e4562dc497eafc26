/** What a family or a professional may send when asking for help. */
import { z } from "zod";
import { codes, heardFrom, municipality, relation, replyBy, schoolStage, topic } from "#db/terms.ts";

/** Control characters other than tab and line break, and halves of characters, are never typed. */
const isPlainText = (value: string) =>
  !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u.test(value) && value.isWellFormed();

/** An input left empty is absent by the time it gets here, and wants a sentence of its own. */
const text = (max: number, tooLong: string, missing = "文字で入力してください。") =>
  z
    .string({ error: ({ input }) => (input === undefined ? missing : "文字で入力してください。") })
    .refine(isPlainText, "使えない文字（制御文字）が含まれています。")
    // A browser sends line breaks as CRLF; people count them once.
    .transform((value) => value.replace(/\r\n?/gu, "\n"))
    .refine((value) => [...value].length <= max, tooLong);

const choice = <const T extends Record<string, string>>(terms: T, error: string) => z.enum(codes(terms), { error });

/** Accepts what `<input type=email>` accepts, so also the carrier addresses that break RFC 5322. */
export const MailAddress = text(254, "メールアドレスが長すぎます。", "メールアドレスを入力してください。")
  .transform((value) => value.normalize("NFKC").trim())
  .refine((value) => z.regexes.html5Email.test(value), "メールアドレスの形を確認してください。例: hoshi@example.jp");

const PhoneNumber = text(40, "電話番号が長すぎます。").refine(
  (value) => /^(?:\d{10,11}|\+81\d{9,10})$/u.test(foldPhone(value)),
  "電話番号は 10 桁か 11 桁の数字で入力してください。例: 086-000-0000",
);

/** Digits only, for comparing: NFKC, then without spaces, brackets and every kind of dash. */
export const foldPhone = (value: string) => value.normalize("NFKC").replace(/[\s()\p{Pd}−ー]/gu, "");

export const isTicked = z.union([z.boolean(), z.enum(["true", "on", "false"]).transform((v) => v !== "false")], {
  error: "チェックの値を確認してください。",
});

const severalOf = <const T extends Record<string, string>>(terms: T, error: string) =>
  z.preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z.array(choice(terms, error), { error }).max(20, error),
  );

/** Fields that every public form may carry beside its own. */
export const Carried = {
  /** One showing of the form; the header Idempotency-Key says the same for programs. */
  key: text(200, "識別キーが長すぎます。").optional(),
  /** Signed click token. */
  c: text(200, "広告の識別子が長すぎます。").optional(),
  locale: z.enum(["ja", "easy", "en"], { error: "言語の指定を確認してください。" }).default("ja"),
  /** Honeypot: people never see it. What stands here is judged, never a reason to lose a request. */
  website: text(2000, "この欄は空のままにしてください。").optional(),
};

/** Judged even when other fields are wrong: people are told of all their slips at once. */
const isObject = ({ value }: { value: unknown }) => value !== null && typeof value === "object";

const messageMissing = "困っていること、聞いてみたいことを入力してください。ひとことでもかまいません。";

export const ConsultationForm = z
  .strictObject({
    message: text(4000, "ご相談の内容は 4000 文字までで入力してください。", messageMissing).refine(
      (value) => value.trim() !== "",
      messageMissing,
    ),
    reply_by: choice(replyBy, "お返事の方法を選んでください。"),
    email: MailAddress.optional(),
    phone: PhoneNumber.optional(),
    name: text(100, "お名前は 100 文字までで入力してください。").optional(),
    relation: choice(relation, "お子さんとの関係を選び直してください。").optional(),
    topics: severalOf(topic, "相談したいことを選び直してください。").optional(),
    school_stage: choice(schoolStage, "お子さんの年代を選び直してください。").optional(),
    municipality: choice(municipality, "お住まいの市町村を選び直してください。").optional(),
    heard_from: choice(heardFrom, "知ったきっかけを選び直してください。").optional(),
    consent: isTicked.default(false).refine((ticked) => ticked, "読んだうえで、同意のチェックを入れてください。"),
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

export const DownloadForm = z.strictObject({
  email: MailAddress,
  guide: text(100, "資料の名前が長すぎます。"),
  newsletter: isTicked.default(false),
  ...Carried,
});

export type DownloadForm = z.output<typeof DownloadForm>;
