/**
 * The settings in force in this process: one frozen snapshot, replaced as a whole (store.ts reads it). Pages, mails,
 * consent words, the calendar and retention read the organisation here and nowhere else.
 */

import type { Locale } from "#db/terms/locale.ts";
import { environmentValues } from "./environment.ts";
import { type Hours, neutralValues, SettingValues, type Stage, weekdays } from "./keys.ts";
import sampleFile from "./sample.json" with { type: "json" };

/** The invented sample's settings; the only place that names it. */
export const sampleValues: Partial<SettingValues> = onlyNamed(SettingValues.partial().parse(sampleFile), sampleFile);

/** Without the neutral values that the rule puts in place of what the file does not name. */
function onlyNamed(values: Partial<SettingValues>, file: object): Partial<SettingValues> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => Object.hasOwn(file, key)));
}

/** What somebody decided: a subset of the keys. */
export type GivenValues = Partial<SettingValues>;

/** Texts as they were written, with placeholders, by `replacedTextKey`. */
export type ReplacedTexts = Record<string, string>;

/** The key of a replaced text: a section in one language. */
export const replacedTextKey = (section: string, locale: string): string => `${section}/${locale}`;

type Localised = Readonly<Record<Locale, string>>;

/** The settings as the rooms read them. Hours and days are Asia/Tokyo. */
export interface Settings {
  /** Rises with every change; two processes with the same number show the same. */
  number: number;
  stage: Stage;
  /** By key: as the environment has it, else given, else the sample's while it is shown, else the neutral value. */
  values: Readonly<SettingValues>;
  /** Only what was given. */
  given: Readonly<GivenValues>;
  /** Texts that replace sections of pages (db/words/sections.ts), by `replacedTextKey`. */
  texts: Readonly<ReplacedTexts>;
  name: Localised;
  legalName: Localised;
  purpose: Localised;
  address: Localised;
  /** As people read it; empty for an organisation without a telephone. */
  phone: string;
  hours: Hours;
  replyDays: number;
  keepYears: number;
  keepRequestYears: number;
  keepBackupDays: number;
}

/** Builds the snapshot from what was given. */
export function settingsFrom(
  given: GivenValues,
  stage: Stage,
  number: number,
  texts: Readonly<ReplacedTexts> = {},
): Settings {
  const values = { ...neutralValues, ...(stage === "sample" && sampleValues), ...given, ...environmentValues };
  const inLanguages = (key: "name" | "purpose" | "address"): Localised => ({
    ja: values[`${key}.ja`],
    easy: values[`${key}.easy`] || values[`${key}.ja`],
    en: values[`${key}.en`] || values[`${key}.ja`],
  });
  const legal = values["legal_name.ja"] || values["name.ja"];
  return Object.freeze({
    number,
    stage,
    values,
    given,
    texts,
    name: inLanguages("name"),
    legalName: { ja: legal, easy: legal, en: values["legal_name.en"] || values["name.en"] || legal },
    purpose: inLanguages("purpose"),
    address: inLanguages("address"),
    phone: values.phone === "none" ? "" : values.phone,
    hours: values.hours,
    replyDays: values.reply_days,
    keepYears: values.keep_years,
    keepRequestYears: values.keep_request_years,
    keepBackupDays: values.keep_backup_days,
  });
}

let current = settingsFrom({}, "sample", 0);

/** The settings in force now. Read them at the moment of use: a module that keeps them shows yesterday's. */
export const settings = (): Settings => current;

/** Puts another snapshot in force, in this process. */
export function replaceSettings(next: Settings): void {
  current = next;
}

/** Computes `make` once for each snapshot and key. */
export function oncePerSettings<K, T>(make: (settings: Settings, key: K) => T): (key: K) => T {
  let of: Settings | undefined;
  let made = new Map<K, T>();
  return (key) => {
    if (of !== current) [of, made] = [current, new Map()];
    let value = made.get(key);
    if (value === undefined) made.set(key, (value = make(current, key)));
    return value;
  };
}

/** Whether a week has no day of work at all, which would make every promise endless. */
export const isAlwaysClosed = (hours: Hours): boolean => weekdays.every((name) => hours[name] === null);
