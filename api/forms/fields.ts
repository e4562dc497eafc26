/** Fields that several forms share. The rules are the same in every language; the error sentences are not. */

import { z } from "zod";
import { instantOf, isDay, isTime } from "#db/calendar/days.ts";
import { isMailAddress, normaliseAddress } from "#db/formats/mail-address.ts";
import { isXmlText } from "#db/formats/xml.ts";
import { codes } from "#db/terms/codes.ts";
import { type Locale, locale } from "#db/terms/locale.ts";
import { type Words, wordsIn } from "#db/words/words.ts";
import { foldMailAddress } from "./mail-address.ts";

/** The error sentences of one language. */
export type ErrorWords = Words["errors"];

/** One definition of a form, made with the error sentences of each language. */
export const inEach = <S>(define: (say: ErrorWords, language: Locale) => S): Record<Locale, S> => ({
  ja: define(wordsIn("ja").errors, "ja"),
  easy: define(wordsIn("easy").errors, "easy"),
  en: define(wordsIn("en").errors, "en"),
});

const ja = wordsIn("ja").errors;

/** Control characters other than tab and breaks, halves of characters and what else no feed can hold are never typed. */
const isPlainText = (value: string) => isXmlText(value) && !value.includes("\u007f");

/** A browser sends a line break as CRLF; text copied from Word holds its breaks of lines and pages (VT, FF) and Unicode's. Each is one line break. */
const breaks = /\r\n?|[\u000b\u000c\u2028\u2029]/gu;

/** Text of at most `max` characters (code points). `missing` is the error of an unanswered field, `tooLong` of a longer text. */
export const text = (max: number, tooLong: string, missing?: string, say: ErrorWords = ja) =>
  z
    .string({ error: ({ input }) => (input === undefined ? (missing ?? say.notText) : say.notText) })
    // For the OpenAPI document only; the length is checked below, where a line break counts once.
    .meta({ maxLength: max })
    .transform((value) => value.replace(breaks, "\n"))
    .refine(isPlainText, { error: say.control, abort: true })
    .refine((value) => [...value].length <= max, tooLong);

/** The same, where white space alone is no answer. */
export const requiredText = (max: number, tooLong: string, missing: string, say: ErrorWords = ja) =>
  text(max, tooLong, missing, say)
    .refine((value) => value.trim() !== "", missing)
    .meta({ minLength: 1, pattern: "\\S" });

/**
 * Text that is only compared with something stored, such as a receipt code. Never an error by itself:
 * an unusable value becomes "", which matches nothing, and the route says what was wrong.
 */
export const lenientText = (max: number) => z.string().max(max).catch("");

/** A mail address as people read it (db/formats/mail-address.ts). What is kept is what was checked, and not what was typed. */
export const mailAddress = (say: ErrorWords) =>
  text(254, say.emailLong, say.emailMissing, say)
    .transform(foldMailAddress)
    .refine(isMailAddress, say.emailShape)
    .refine((value) => normaliseAddress(value).length <= 254, say.emailLong)
    .meta({ format: "email" });

export const MailAddress = mailAddress(ja);

/** A checkbox: what browsers send for a ticked one, or a boolean from programs. */
export const ticked = (say: ErrorWords) =>
  z.union([z.boolean(), z.enum(["true", "on", "false"]).transform((v) => v !== "false")], { error: say.tick });

export const isTicked = ticked(ja);

/**
 * A checkbox that must be ticked. An unticked one is not sent at all; it has no zod default, which would
 * make it optional in the OpenAPI document.
 */
export const mustAgree = (say: ErrorWords = ja) =>
  z
    .preprocess((value) => value ?? false, ticked(say))
    .refine((isAgreed) => isAgreed, say.consentMissing)
    .meta({ const: true });

/** Which words of consent the form showed (db/consents/versions.ts); a program that names none agrees to today's. */
export const consentText = z.string().max(64).optional();

/** A minute of the clock in Tokyo, as `<input type=datetime-local>` sends it. `wrong`: the sentence for anything else, and for a day or a time that does not exist. */
export const tokyoMinute = (wrong: string) =>
  z
    .string({ error: wrong })
    .refine((value) => isDay(value.slice(0, 10)) && value[10] === "T" && isTime(value.slice(11)), wrong)
    .transform((value) => instantOf(value.slice(0, 10), value.slice(11)));

/** Version of the row that the person last saw, for optimistic locking. */
export const version = z.coerce.number({ error: "画面を開き直してください。" }).int().positive();

/** Fields that every public form may have beside its own. */
export const sharedFields = (say: ErrorWords) => ({
  /** Idempotency key, new each time the form is shown; programs may send the header Idempotency-Key instead. */
  key: text(200, say.key).optional(),
  /** Signed click token. */
  c: text(200, say.click).optional(),
  locale: z.enum(codes(locale), { error: say.locale }).default("ja"),
  /** Honeypot, invisible to people. A value raises the spam score; it never refuses a request. */
  website: text(2000, say.honeypot).optional(),
});

export const SharedFields = sharedFields(ja);
