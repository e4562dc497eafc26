/** A setting as the fields of a form, and back. Texts as browsers send them; an unticked box is an empty text. */

import { parseColour } from "#db/colour/palette.ts";
import {
  type Hours,
  neutralValues,
  type SettingKey,
  type SettingValues,
  type Weekday,
  weekdays,
} from "#db/settings/keys.ts";

/** Field name → text. */
export type FieldTexts = Record<string, string>;

interface FieldsOfKey<Value> {
  names: readonly string[];
  toTexts: (value: Value) => FieldTexts;
  /** What was typed; checked against the key's own rule afterwards, so it may be anything that this rule refuses. */
  toValue: (texts: FieldTexts) => unknown;
}

/** What a phone's keyboard types otherwise: full-width characters, blanks around. Line breaks stay. */
const plain = (text = "") => text.normalize("NFKC").trim();
const linesOf = (text = "") =>
  text
    .split(/\r\n?|\n/u)
    .map(plain)
    .filter((line) => line !== "");

const oneLine = (key: SettingKey): FieldsOfKey<string> => ({
  names: [key],
  toTexts: (value) => ({ [key]: value }),
  toValue: (texts) => (texts[key] ?? "").trim(),
});

const number = (key: SettingKey): FieldsOfKey<number> => ({
  names: [key],
  toTexts: (value) => ({ [key]: String(value) }),
  toValue: (texts) => {
    const text = plain(texts[key]).replace(/\D+$/u, "");
    return /^\d{1,4}$/u.test(text) ? Number(text) : text;
  },
});

/** Hyphens of every kind, and brackets around an area code. */
const phone: FieldsOfKey<string> = {
  names: ["phone", "phone.none"],
  toTexts: (value) => (value === "none" ? { phone: "", "phone.none": "on" } : { phone: value, "phone.none": "" }),
  toValue: (texts) => {
    const typed = plain(texts["phone"])
      .replaceAll(/[‐‑‒–—―−ー]/gu, "-")
      .replaceAll(/^\((\d+)\)\s*/gu, "$1-")
      .replaceAll(/[()]/gu, "-")
      .replaceAll(/\s+/gu, "-");
    // A number and "none" contradict each other: refused by the rule of the key.
    if ((texts["phone.none"] ?? "") === "") return typed;
    return typed === "" ? "none" : `none and ${typed}`;
  },
};

const ticked = (key: SettingKey): FieldsOfKey<boolean> => ({
  names: [key],
  toTexts: (value) => ({ [key]: value ? "on" : "" }),
  toValue: (texts) => (texts[key] ?? "") !== "",
});

/** "12/9", "12月9日" and "12-9" as "12-09". */
function monthDay(text = ""): string {
  const [, month = "", day = ""] = /^(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?$/u.exec(plain(text)) ?? [];
  return month === "" ? plain(text) : `${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

const yearEnd: FieldsOfKey<SettingValues["year_end"]> = {
  names: ["year_end.from", "year_end.to"],
  toTexts: (value) => ({ "year_end.from": value?.from ?? "", "year_end.to": value?.to ?? "" }),
  toValue: (texts) => {
    const [from, to] = [monthDay(texts["year_end.from"]), monthDay(texts["year_end.to"])];
    return from === "" && to === "" ? null : { from, to };
  },
};

/** "2027/8/13" and "2027年8月13日" as "2027-08-13". */
function isoDay(line: string): string {
  const [, year, month = "", day = ""] =
    /^(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?$/u.exec(line) ?? [];
  return year === undefined ? line : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

const closingDays: FieldsOfKey<string[]> = {
  names: ["closing_days"],
  toTexts: (value) => ({ closing_days: value.join("\n") }),
  toValue: (texts) => [...new Set(linesOf(texts["closing_days"]).map(isoDay))].toSorted(),
};

/** The last word of a line, and what stands before it. */
const lastWord = (line: string): [before: string, last: string] => {
  const [, before = "", last = line] = /^(.*\S)\s+(\S+)$/u.exec(line) ?? [];
  return [before, last];
};

const channels: FieldsOfKey<SettingValues["channels"]> = {
  names: ["channels"],
  toTexts: (value) => ({ channels: value.map(({ label, href }) => `${label} ${href}`).join("\n") }),
  toValue: (texts) =>
    linesOf(texts["channels"])
      .map(lastWord)
      .map(([label, href]) => ({ label, href })),
};

const readings: FieldsOfKey<SettingValues["readings"]> = {
  names: ["readings"],
  toTexts: (value) => ({ readings: value.map(({ word, reading }) => `${word} ${reading}`).join("\n") }),
  toValue: (texts) =>
    linesOf(texts["readings"])
      .map(lastWord)
      .map(([word, reading]) => ({ word, reading })),
};

const notify: FieldsOfKey<string[]> = {
  names: ["notify"],
  toTexts: (value) => ({ notify: value.join("\n") }),
  toValue: (texts) => [...new Set(linesOf(texts["notify"]?.replaceAll(/[,、]/gu, "\n")))],
};

const municipalities: FieldsOfKey<string[]> = {
  names: ["municipalities"],
  toTexts: (value) => ({ municipalities: value.join("\n") }),
  toValue: (texts) => linesOf(texts["municipalities"]),
};

const colour: FieldsOfKey<string> = {
  names: ["colour"],
  toTexts: (value) => ({ colour: value }),
  // As somebody copies it from a leaflet: "＃05A", "0055ad". What is none is refused by the rule of the key.
  toValue: (texts) => parseColour(texts["colour"] ?? "") ?? plain(texts["colour"]),
};

const dayNames = weekdays.flatMap((day) => [`hours.${day}`, `hours.${day}.opens`, `hours.${day}.closes`]);

/** The times that most days have, Monday first; those of the first day that has any. */
function usualTimes(hours: Hours): { opens: string; closes: string } {
  const open = weekdays.flatMap((day) => hours[day] ?? []);
  const key = ({ opens, closes }: { opens: string; closes: string }) => `${opens} ${closes}`;
  const count = (times: { opens: string; closes: string }) => open.filter((one) => key(one) === key(times)).length;
  return open.toSorted((a, b) => count(b) - count(a))[0] ?? { opens: "10:00", closes: "17:00" };
}

/** One line for the usual times; each day has them, others, or none. */
const hours: FieldsOfKey<Hours> = {
  names: ["hours.opens", "hours.closes", ...dayNames],
  toTexts: (value) => {
    const usual = usualTimes(value);
    const texts: FieldTexts = { "hours.opens": usual.opens, "hours.closes": usual.closes };
    for (const day of weekdays) {
      const times = value[day];
      const isUsual = times?.opens === usual.opens && times.closes === usual.closes;
      texts[`hours.${day}`] = times === null ? "closed" : isUsual ? "usual" : "other";
      texts[`hours.${day}.opens`] = times === null || isUsual ? "" : times.opens;
      texts[`hours.${day}.closes`] = times === null || isUsual ? "" : times.closes;
    }
    return texts;
  },
  toValue: (texts) => Object.fromEntries(weekdays.map((day) => [day, dayOf(texts, day)])),
};

function dayOf(texts: FieldTexts, day: Weekday): { opens: string; closes: string } | null {
  const [what, opens, closes] = [`hours.${day}`, `hours.${day}.opens`, `hours.${day}.closes`].map(
    (name) => texts[name] ?? "",
  );
  if (what === "closed") return null;
  return what === "other"
    ? { opens: clock(opens), closes: clock(closes) }
    : { opens: clock(texts["hours.opens"]), closes: clock(texts["hours.closes"]) };
}

/** "9:00" and "9時" as "09:00". */
function clock(text = ""): string {
  const [, hour, minute = "00"] = /^(\d{1,2})\s*(?::|時)?\s*(\d{2})?\s*分?$/u.exec(plain(text)) ?? [];
  return hour === undefined ? plain(text) : `${hour.padStart(2, "0")}:${minute}`;
}

/** The keys that are no single line of text. */
const special: { [Key in SettingKey]?: FieldsOfKey<SettingValues[Key]> } = {
  ...{ phone, hours, closing_days: closingDays, channels, readings, notify, municipalities, colour },
  closed_on_holidays: ticked("closed_on_holidays"),
  year_end: yearEnd,
  ...{ reply_days: number("reply_days"), keep_years: number("keep_years") },
  keep_request_years: number("keep_request_years"),
  keep_backup_days: number("keep_backup_days"),
  publish_threshold: number("publish_threshold"),
  publish_numbers: ticked("publish_numbers"),
};

const fieldsOf = (key: SettingKey) => (special[key] ?? oneLine(key)) as FieldsOfKey<unknown>;

/** Names of a key's fields; the first is the key itself, or stands for it. */
export const settingFieldNames = (key: SettingKey): readonly string[] => fieldsOf(key).names;

/** The fields of a value; of one that was not given, what is proposed. */
export const textsOf = (key: SettingKey, value: unknown): FieldTexts =>
  fieldsOf(key).toTexts(value === undefined ? neutralValues[key] : value);

/** What was typed into the fields of a key. */
export const valueOf = (key: SettingKey, texts: FieldTexts): unknown => fieldsOf(key).toValue(texts);
