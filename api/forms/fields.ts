/** What the questions of several forms have in common. */
import { z } from "zod";
import { codes, locale } from "#db/terms.ts";

/** Control characters other than tab and line break, and halves of characters, are never typed. */
const isPlainText = (value: string) =>
  !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u.test(value) && value.isWellFormed();

/** Words of at most `max` characters. `missing` is said of an unanswered question, `tooLong` of a long answer. */
export const text = (max: number, tooLong: string, missing = "文字で入力してください。") =>
  z
    .string({ error: ({ input }) => (input === undefined ? missing : "文字で入力してください。") })
    .refine(isPlainText, "使えない文字（制御文字）が含まれています。")
    // A browser sends line breaks as CRLF; people count them once.
    .transform((value) => value.replace(/\r\n?/gu, "\n"))
    .refine((value) => [...value].length <= max, tooLong);

/** The same, where blanks alone are no answer. */
export const words = (max: number, tooLong: string, missing: string) =>
  text(max, tooLong, missing).refine((value) => value.trim() !== "", missing);

/** Accepts what `<input type=email>` accepts, so also the carrier addresses that break RFC 5322. */
export const MailAddress = text(
  254,
  "メールアドレスが長すぎます。",
  "メールアドレスを入力してください。例: hoshi@example.jp",
)
  .transform((value) => value.normalize("NFKC").trim())
  .refine((value) => z.regexes.html5Email.test(value), "メールアドレスの形を確認してください。例: hoshi@example.jp");

/** A box: what browsers send of a ticked one, or a truth value from programs. */
export const isTicked = z.union([z.boolean(), z.enum(["true", "on", "false"]).transform((v) => v !== "false")], {
  error: "チェックの値を確認してください。",
});

/** What the asker last saw of a row that others may change meanwhile. */
export const version = z.coerce.number({ error: "画面を開き直してください。" }).int().positive();

/** Fields that every public form may carry beside its own. */
export const Carried = {
  /** One showing of the form; the header Idempotency-Key says the same for programs. */
  key: text(200, "識別キーが長すぎます。").optional(),
  /** Signed click token. */
  c: text(200, "広告の識別子が長すぎます。").optional(),
  locale: z.enum(codes(locale), { error: "言語の指定を確認してください。" }).default("ja"),
  /** Honeypot: people never see it. What stands here is judged, never a reason to lose a request. */
  website: text(2000, "この欄は空のままにしてください。").optional(),
};
