/** What the questions of several forms have in common. Rules are the same in every language; sentences are not. */

import { z } from "zod";
import { codes } from "#db/terms/codes.ts";
import { type Locale, locale } from "#db/terms/locale.ts";
import { type Words, wordsIn } from "#db/words/words.ts";

/** What a form says of an answer it cannot use, in one language. */
export type ErrorWords = Words["errors"];

/** One definition of a form, made with the error sentences of each language. */
export const inEach = <S>(define: (say: ErrorWords, language: Locale) => S): Record<Locale, S> => ({
  ja: define(wordsIn("ja").errors, "ja"),
  easy: define(wordsIn("easy").errors, "easy"),
  en: define(wordsIn("en").errors, "en"),
});

const ja = wordsIn("ja").errors;

/** Control characters other than tab and line break, and halves of characters, are never typed. */
const isPlainText = (value: string) =>
  !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u.test(value) && value.isWellFormed();

/** Words of at most `max` characters. `missing` is said of an unanswered question, `tooLong` of a long answer. */
export const text = (max: number, tooLong: string, missing?: string, say: ErrorWords = ja) =>
  z
    .string({ error: ({ input }) => (input === undefined ? (missing ?? say.notText) : say.notText) })
    // Said in the description of the API; judged below, where line breaks count once.
    .meta({ maxLength: max })
    .refine(isPlainText, say.control)
    // A browser sends line breaks as CRLF; people count them once.
    .transform((value) => value.replace(/\r\n?/gu, "\n"))
    .refine((value) => [...value].length <= max, tooLong);

/** The same, where blanks alone are no answer. */
export const requiredText = (max: number, tooLong: string, missing: string, say: ErrorWords = ja) =>
  text(max, tooLong, missing, say)
    .refine((value) => value.trim() !== "", missing)
    .meta({ minLength: 1, pattern: "\\S" });

/**
 * Text that is only compared with something stored, such as a receipt code. Never an error by itself:
 * an unusable value becomes "", which matches nothing, and the route says what was wrong.
 */
export const lenientText = (max: number) => z.string().max(max).catch("");

/** Accepts what `<input type=email>` accepts, so also the carrier addresses that break RFC 5322. */
export const mailAddress = (say: ErrorWords) =>
  text(254, say.emailLong, say.emailMissing, say)
    .transform((value) => value.normalize("NFKC").trim())
    .refine((value) => z.regexes.html5Email.test(value), say.emailShape)
    .meta({ format: "email" });

export const MailAddress = mailAddress(ja);

/** A box: what browsers send of a ticked one, or a truth value from programs. */
const ticked = (say: ErrorWords) =>
  z.union([z.boolean(), z.enum(["true", "on", "false"]).transform((v) => v !== "false")], { error: say.tick });

export const isTicked = ticked(ja);

/** A box that has to be ticked. An empty one sends nothing at all; no default, which would make it optional in the description. */
export const mustAgree = (say: ErrorWords = ja) =>
  z
    .preprocess((value) => value ?? false, ticked(say))
    .refine((yes) => yes, say.consentMissing)
    .meta({ const: true });

/** What the asker last saw of a row that others may change meanwhile. */
export const version = z.coerce.number({ error: "画面を開き直してください。" }).int().positive();

/** Fields that every public form may carry beside its own. */
export const sharedFields = (say: ErrorWords) => ({
  /** One showing of the form; the header Idempotency-Key says the same for programs. */
  key: text(200, say.key).optional(),
  /** Signed click token. */
  c: text(200, say.click).optional(),
  locale: z.enum(codes(locale), { error: say.locale }).default("ja"),
  /** Honeypot: people never see it. What stands here is judged, never a reason to lose a request. */
  website: text(2000, say.honeypot).optional(),
});

export const SharedFields = sharedFields(ja);
