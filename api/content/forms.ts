/**
 * What staff send to write, publish and order entries. One definition for each kind, made from the list of its fields. A
 * draft may be incomplete: what is asked for is asked for when a language is published (publish.ts).
 */

import { z } from "zod";
import { isTicked, text, tokyoMinute } from "#api/forms/fields.ts";
import { isDay, isTime } from "#db/calendar/days.ts";
import { codes } from "#db/terms/codes.ts";
import { type ContentField, fieldsOf, linesOf } from "#db/terms/content-fields.ts";
import { contentKind, type ContentKind } from "#db/terms/content.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { contentWords } from "#db/words/staff/content.ts";

/** Values by field. */
export type Values = Record<string, string>;

/** One language as it was typed, and what its form had shown. */
export interface TypedText {
  body: Values;
  /** Number of the revision that the form showed; 0: none. */
  base: number;
  /** Version of what is public, as the form showed it; 0: nothing was. */
  version: number;
  /** The tick 「いまの日本語に合わせた」. */
  agrees: boolean;
}

/** A form of an entry: the languages and facts that it showed. */
export interface EntryInput {
  facts: { typed: Values; shown: Values };
  texts: Partial<Record<Locale, TypedText>>;
  /** The button that was pressed in place of 「保存する」. */
  pressed?: { act: "look" | "publish"; locale: Locale };
}

/** The facts that the form of a kind has; pictures have a form of their own. */
export const typedFacts = (kind: ContentKind): readonly ContentField[] =>
  fieldsOf(kind).facts.filter(({ input }) => input !== "picture" && input !== "portrait");

const number = z.coerce.number({ error: contentWords.reload }).int().nonnegative();
const fits = ({ label, max }: ContentField) => text(max, contentWords.tooLong(label, max));
const like = (field: ContentField, isRight: (value: string) => boolean, sentence: string) =>
  fits(field)
    .transform((value) => value.trim())
    .refine((value) => value === "" || isRight(value), sentence);

/** The value of a field: composed letters, without blanks at its end. A browser leaves an empty one out. */
function valueOf(field: ContentField) {
  const { choices = {} } = field;
  switch (field.input) {
    case "line":
      return like(field, (value) => !value.includes("\n"), contentWords.oneLine(field.label));
    case "lines":
      return fits(field).transform((value) => linesOf(value).join("\n"));
    case "day":
      return like(field, isDay, contentWords.day);
    case "time":
      return like(field, isTime, contentWords.time);
    case "link":
      return like(field, (value) => URL.parse(value)?.protocol === "https:", contentWords.link);
    case "number":
      return like(field, (value) => /^[1-9]\d*$/u.test(value), contentWords.number(field.label));
    case "choice":
      return like(field, (value) => Object.hasOwn(choices, value), contentWords.choice);
    case "tick":
      return isTicked.transform((isOn) => (isOn ? "yes" : ""));
    default:
      return fits(field).transform((value) => value.trimEnd());
  }
}

const composed = (field: ContentField) =>
  z.preprocess((sent) => (typeof sent === "string" ? sent.normalize("NFC") : sent), valueOf(field).optional());

/** The hidden field `shown`: the facts as the form showed them. */
const Shown = z
  .string({ error: contentWords.reload })
  .transform((json, context): unknown => {
    try {
      return JSON.parse(json);
    } catch {
      context.addIssue({ code: "custom", message: contentWords.reload });
      return {};
    }
  })
  .pipe(z.record(z.string(), z.string(), { error: contentWords.reload }));

const buttons = codes(locales).flatMap((locale) => [`look-${locale}`, `publish-${locale}`]);

function entryForm(kind: ContentKind) {
  const { body } = fieldsOf(kind);
  const inEach = codes(locales).flatMap((locale): [string, z.ZodType][] => [
    [`base.${locale}`, number.optional()],
    [`version.${locale}`, number.optional()],
    [`agrees.${locale}`, isTicked.optional()],
    ...body.map((field): [string, z.ZodType] => [`${locale}.${field.name}`, composed(field)]),
  ]);
  return z
    .strictObject({
      shown: Shown,
      press: z.enum(buttons).optional(),
      ...Object.fromEntries(typedFacts(kind).map((field) => [`facts.${field.name}`, composed(field)])),
      ...Object.fromEntries(inEach),
    })
    .transform((values) => inputOf(kind, values));
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** From the flat fields of a form; a language without its `base` was not on the form. */
function inputOf(kind: ContentKind, values: Record<string, unknown> & { shown: Values; press?: string | undefined }) {
  const { shown, press } = values;
  const valuesOf = (fields: readonly ContentField[], prefix: string): Values =>
    Object.fromEntries(fields.map(({ name }) => [name, textOf(values[`${prefix}.${name}`])]));
  const facts = typedFacts(kind).filter(({ name }) => Object.hasOwn(shown, name));
  const texts: EntryInput["texts"] = {};
  for (const locale of codes(locales)) {
    const base = values[`base.${locale}`];
    if (typeof base !== "number") continue;
    const version = Number(values[`version.${locale}`] ?? 0);
    const agrees = values[`agrees.${locale}`] === true;
    texts[locale] = { body: valuesOf(fieldsOf(kind).body, locale), base, version, agrees };
  }
  const [act, code] = press?.split("-") ?? [];
  const locale = codes(locales).find((one) => one === code);
  const input: EntryInput = { facts: { typed: valuesOf(facts, "facts"), shown }, texts };
  if (locale === undefined) return input;
  return { ...input, pressed: { act: act === "look" ? "look" : "publish", locale } } satisfies EntryInput;
}

/** The form of an entry, by kind. */
export const ContentEntryForm = Object.fromEntries(codes(contentKind).map((kind) => [kind, entryForm(kind)])) as Record<
  ContentKind,
  ReturnType<typeof entryForm>
>;

/** Version of what is public of a language, as the form showed it. */
export const EntryVersionForm = z.strictObject({ version: number });

/** Publishing the revision `no`, the newest; at a moment to come, or now. */
export const PublishForm = z.strictObject({ version: number, no: number });
export const ScheduleForm = z.strictObject({ version: number, no: number, at: tokyoMinute(contentWords.moment) });

/** Bringing revision `no` back; `base` is the newest one that the form knew. */
export const RestoreEntryForm = z.strictObject({ base: number, no: number });

/** 「このままでよい」: `no` is the Japanese revision that the form showed as public. */
export const KeepForm = z.strictObject({ version: number, no: number });

export const moves = ["first", "up", "down", "last"] as const;
export type Move = (typeof moves)[number];

/** A button of the list: which entry goes where, and the entry that stands there (up and down). */
export const OrderForm = z.strictObject({
  version: number,
  move: z
    .string({ error: contentWords.reload })
    .regex(/^(?:first|up|down|last)\.[\da-f-]{36}(?:\.[\da-f-]{36})?$/u, contentWords.reload)
    .transform((value) => {
      const [move = "up", id = "", past] = value.split(".");
      return { move: move as Move, id, past };
    }),
});
