/**
 * The settings of an organisation: the closed list of keys, with what each may hold and its neutral value. A value in a
 * language is a key of its own (`name.en`), so that history and conflicts are a language's own. An empty text means
 * not given. Pure data: every room may read it.
 */

import { z } from "zod";
import { isMailAddress } from "#db/formats/mail-address.ts";
import { isXmlText } from "#db/formats/xml.ts";

const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^\P{Cc}*$/u)
    .refine(isXmlText);
const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u);
const monthDay = z.string().regex(/^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/u);
const day = z.iso.date();
const mailAddress = z.string().trim().max(254).refine(isMailAddress);

/** The days of the week as keys of `hours`, Monday first. */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** Opening and closing time of a day, Asia/Tokyo; null on a day that is closed every week. */
const Hours = z.record(
  z.enum(weekdays),
  z
    .object({ opens: time, closes: time })
    .refine(({ opens, closes }) => opens < closes)
    .nullable(),
);
export type Hours = z.infer<typeof Hours>;

const weekdayHours = { opens: "10:00", closes: "17:00" };

/** Key → what it may hold. */
export const SettingValues = z.strictObject({
  "name.ja": line(60).default(""),
  "name.easy": line(60).default(""),
  "name.en": line(80).default(""),
  /** How the name is read, in hiragana. */
  "name.reading": z
    .string()
    .trim()
    .max(120)
    .regex(/^[\p{sc=Hiragana}ー・\s]*$/u)
    .default(""),
  "legal_name.ja": line(100).default(""),
  "legal_name.en": line(120).default(""),
  "purpose.ja": line(120).default(""),
  "purpose.easy": line(120).default(""),
  "purpose.en": line(160).default(""),
  /** Code of the prefecture, JIS X 0401: two digits. */
  prefecture: z
    .string()
    .regex(/^(?:|0[1-9]|[1-3]\d|4[0-7])$/u)
    .default(""),
  /** Codes of the municipalities that forms offer, JIS X 0402: five digits; empty: all of the prefecture. */
  municipalities: z
    .array(z.string().regex(/^\d{5}$/u))
    .max(300)
    .default([]),
  "address.ja": line(150).default(""),
  "address.easy": line(150).default(""),
  "address.en": line(200).default(""),
  /** As people read it; "none" for an organisation without a telephone. */
  phone: z
    .string()
    .trim()
    .regex(/^(?:|none|\+?[0-9][0-9-]{8,18})$/u)
    .default(""),
  hours: Hours.default({
    ...{ mon: weekdayHours, tue: weekdayHours, wed: weekdayHours, thu: weekdayHours, fri: weekdayHours },
    ...{ sat: null, sun: null },
  }),
  closed_on_holidays: z.boolean().default(true),
  /** Closed every year from and through these days (MM-DD), over the new year where `from` is later. */
  year_end: z.object({ from: monthDay, to: monthDay }).nullable().default({ from: "12-29", to: "01-03" }),
  /** Further days on which nobody answers, such as a summer closing. */
  closing_days: z.array(day).max(200).default([]),
  /** Other ways to reach the organisation, as plain links. */
  channels: z
    .array(z.object({ label: line(40).min(1), href: z.url({ protocol: /^https?$/u }).max(300) }))
    .max(6)
    .default([]),
  /** Where the button leads with which somebody who is watched leaves every public page at once; empty: there is no such button. */
  quick_exit: z.union([z.literal(""), z.url({ protocol: /^https$/u }).max(300)]).default(""),
  /** Who gets the mails that something arrived. The environment's STAFF_NOTIFY wins. */
  notify: z.array(mailAddress).max(20).default([]),
  /** An answer is promised within this many business days. */
  reply_days: z.number().int().min(1).max(14).default(3),
  /** Consultation records are kept this many years after the support has ended. */
  keep_years: z.number().int().min(1).max(30).default(3),
  /** Mail addresses given for a guide alone are kept this many years after the request. */
  keep_request_years: z.number().int().min(1).max(10).default(1),
  /** Backups, which still hold what was erased since, are kept at most this many days. */
  keep_backup_days: z.number().int().min(7).max(400).default(35),
  /** Counts below this are not published. */
  publish_threshold: z.number().int().min(3).max(20).default(10),
  /** Whether the page with the numbers of closed quarters is there. Only from the switch on is anything published on it. */
  publish_numbers: z.boolean().default(false),
  /** The brand colour, #rrggbb; empty: the product's own blue. */
  colour: z
    .string()
    .regex(/^(?:|#[0-9a-f]{6})$/u)
    .default(""),
  /** Id of the logo in the table `logos`; empty: none, and the name stands alone. */
  logo: z.union([z.literal(""), z.uuid()]).default(""),
  /** Name and address that mails come from. The environment's MAIL_FROM wins. */
  "mail_from.name": line(80).default(""),
  "mail_from.address": z.union([z.literal(""), mailAddress]).default(""),
  /** The domain that families are asked to allow in their mail filter; empty: that of the sender's address. */
  allowed_domain: z
    .string()
    .trim()
    .max(120)
    .regex(/^(?:|[^\s@/]+\.[^\s@/]+)$/u)
    .default(""),
  "outline.founded": line(40).default(""),
  "outline.representative": line(60).default(""),
  "outline.business": line(400).default(""),
  "outline.staff_count": line(40).default(""),
  /** Readings of the organisation's own words, for furigana. */
  readings: z
    .array(z.object({ word: line(40).min(1), reading: z.string().regex(/^[\p{sc=Hiragana}ー]{1,60}$/u) }))
    .max(100)
    .default([]),
});
export type SettingValues = z.infer<typeof SettingValues>;
export type SettingKey = keyof SettingValues;

/** Every key, in the order of the list. */
export const settingKeys = Object.keys(SettingValues.shape) as SettingKey[];

/** What holds where nobody decided: texts are empty, numbers and days are what most organisations choose. */
export const neutralValues: SettingValues = Object.freeze(SettingValues.parse({}));

/**
 * `sample`: what is not given is shown as the invented sample's. `own`: the sample is taken away. `real`: families may
 * come. Until then search engines are kept away and mail leaves the machine for staff alone.
 */
export const stages = ["sample", "own", "real"] as const;
export type Stage = (typeof stages)[number];
