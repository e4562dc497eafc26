/**
 * Days and times in Japan, and how they are written. A day is YYYY-MM-DD in Asia/Tokyo, which
 * has kept UTC+9 without summer time since 1951. Pure: every room may use it, pages too.
 */

import type { Locale } from "#db/terms/locale.ts";

const tokyoOffset = 9 * 3_600_000;
const dayLength = 86_400_000;

/** "2026-11-20T14:05", the clock on the wall in Tokyo; what a datetime-local input holds. */
export const wallClock = (instant: Date): string =>
  new Date(instant.getTime() + tokyoOffset).toISOString().slice(0, 16);

/** "2026-11-20T14:05:09+09:00", for commands: a moment as it is read in Tokyo, and typed again. */
export const momentInTokyo = (instant: Date): string =>
  `${new Date(instant.getTime() + tokyoOffset).toISOString().slice(0, 19)}+09:00`;

/** The day of an instant. */
export const dayOf = (instant: Date): string => wallClock(instant).slice(0, 10);

/** The instant of a time of the clock in Tokyo ("09:00") on a day; midnight, with which the day begins, without one. */
export const instantOf = (day: string, time = "00:00"): Date => new Date(`${day}T${time}:00+09:00`);

/** The day `days` after (or before) another. */
export const dayAfter = (day: string, days = 1): string =>
  new Date(midnight(day) + days * dayLength).toISOString().slice(0, 10);

/** False for 2026-09-31, which a Date would quietly make into the first of October. */
export function isOnCalendar(day: string): boolean {
  return !Number.isNaN(midnight(day)) && new Date(midnight(day)).toISOString().startsWith(day);
}

/** Whether a text is a day as we write it, YYYY-MM-DD, and exists. */
export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/u.test(text) && isOnCalendar(text);

/** Whether a text is a time of the clock as we write it, "00:00" to "23:59": midnight belongs to the day that it begins, and 24:00 is none. */
export const isTime = (text: string): boolean => /^(?:[01]\d|2[0-3]):[0-5]\d$/u.test(text);

/** 0 for Sunday to 6 for Saturday. */
export const weekdayOf = (day: string): number => new Date(midnight(day)).getUTCDay();

/** "2026-11-26" → "11月26日（木）", for what lies within weeks. */
export function formatDay(day: string): string {
  const [, month, date] = day.split("-").map(Number);
  return `${month}月${date}日（${letterOf(day)}）`;
}

/** The same in the language of a family: "Thursday 26 November" in English. */
export const formatDayIn = (locale: Locale, day: string): string =>
  locale === "en" ? english.format(midnight(day)) : formatDay(day);

const english = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });

/** How a day of the month is read where its number alone does not say it: 3日 is みっか, 15日 じゅうごにち. */
export const readingOfDay = (date: number): string | undefined => irregular[date];

const irregular: Record<number, string> = {
  ...{ 1: "ついたち", 2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか", 8: "ようか" },
  ...{ 9: "ここのか", 10: "とおか", 14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか" },
};

/** "2026-10-01" → "2026年10月1日". */
export const formatDate = (day: string): string => day.replace(/^(\d+)-0?(\d+)-0?(\d+)$/u, "$1年$2月$3日");

/** "2026/11/20(金) 14:05", for tables: short, and sorted by eye. */
export function formatDateTime(instant: Date): string {
  const [day = "", time = ""] = wallClock(instant).split("T");
  return `${day.replaceAll("-", "/")}(${letterOf(day)}) ${time}`;
}

const midnight = (day: string) => Date.parse(`${day}T00:00:00Z`);
const letterOf = (day: string) => "日月火水木金土".charAt(weekdayOf(day));
