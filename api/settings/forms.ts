/** What a settings form sends: a field or several for each key of its page, and what was given when it was opened. */

import { z } from "zod";
import { Invalid } from "#db/errors.ts";
import { type SettingKey, SettingValues } from "#db/settings/keys.ts";
import { settingsWords } from "#db/words/staff/settings.ts";
import { settingFieldNames, type FieldTexts, textsOf, valueOf } from "./fields.ts";
import type { ShownValues } from "./save.ts";

/** By key: nothing, or the one value that was given. A value may itself be null. */
const Shown = z.record(z.string(), z.union([z.tuple([]), z.tuple([z.unknown()])]));

/** The hidden field of a form that shows these keys. */
export const shownField = (keys: readonly SettingKey[], given: ShownValues): string =>
  JSON.stringify(Object.fromEntries(keys.map((key) => [key, given[key] === undefined ? [] : [given[key]]])));

/** What `shownField` wrote; undefined when it is none. Values that this release does not allow count as not given. */
export function readShown(text: unknown): ShownValues | undefined {
  const parsed = Shown.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const pairs = Object.entries(parsed.data).map(([key, [value]]) => {
    const shape = Object.hasOwn(SettingValues.shape, key) ? SettingValues.shape[key as SettingKey] : undefined;
    return [key, value === undefined ? undefined : shape?.safeParse(value).data];
  });
  return Object.fromEntries(pairs) as ShownValues;
}

function jsonOf(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

const isSameTexts = (names: readonly string[], a: FieldTexts, b: FieldTexts) =>
  names.every((name) => withoutBreaks(a[name]) === withoutBreaks(b[name]));
/** Browsers send a line break as CRLF, and drop one at the beginning of a box. */
const withoutBreaks = (text = "") => text.replaceAll(/\r\n?/gu, "\n").trim();

/** The texts of one key among all that was sent. */
export const textsFor = (key: SettingKey, sent: Readonly<Record<string, unknown>>): FieldTexts =>
  Object.fromEntries(
    settingFieldNames(key).map((name) => [
      name,
      [sent[name]]
        .flat()
        .filter((one) => typeof one === "string")
        .join("\n"),
    ]),
  );

/** Whether the fields of a key are as the form showed them. */
export const isUntouched = (key: SettingKey, texts: FieldTexts, shown: ShownValues): boolean =>
  isSameTexts(settingFieldNames(key), texts, textsOf(key, shown[key]));

/** Checkboxes of one name come as a list; their values are the lines of one text. */
const oneText = z.preprocess(
  (sent) => (Array.isArray(sent) ? sent.join("\n") : sent),
  z.string().max(20_000).optional(),
);

/** The form of a page with these keys. */
export const SettingsForm = (keys: readonly SettingKey[]) =>
  z.strictObject({
    shown: z.string({ error: settingsWords.reload }),
    ...Object.fromEntries(keys.flatMap(settingFieldNames).map((name) => [name, oneText.optional()])),
  });

/**
 * The values of the keys that the form showed, and what was given then. A key whose fields were not touched keeps the
 * value shown, so that a text which today's rule refuses hinders nobody. Throws Invalid where `shown` is unreadable.
 */
export function valuesIn(
  keys: readonly SettingKey[],
  sent: Record<string, unknown>,
): { values: Partial<SettingValues>; shown: ShownValues } {
  const shown = readShown(sent["shown"]);
  if (shown === undefined) throw new Invalid({ form: settingsWords.reload });
  const values = keys
    .filter((key) => Object.hasOwn(shown, key))
    .map((key) => {
      const texts = textsFor(key, sent);
      return [
        key,
        isUntouched(key, texts, shown) ? (shown[key] ?? valueOf(key, textsOf(key, undefined))) : valueOf(key, texts),
      ];
    });
  return { values: Object.fromEntries(values) as Partial<SettingValues>, shown };
}
