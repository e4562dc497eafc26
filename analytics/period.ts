/** Periods as people and exports write them. A day is an ISO date in Asia/Tokyo. */

import { dayAfter, dayOf, isOnCalendar, formatDate } from "#db/calendar/days.ts";
import { Invalid, Refused } from "#db/errors.ts";

/** Both days included. */
export interface Period {
  from: string;
  to: string;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const month = `(?:${months.join("|")})[a-z]*\\.?`;
/** First years of the eras that exports may be dated in. */
const eras: Record<string, number> = { 令和: 2019, 平成: 1989 };
/** 2026年10月1日, 令和8年10月1日, 2026-10-01, 2026/10/1, 1 October 2026, October 1, 2026. Never 10/1/2026: it is two days. */
const day = [
  String.raw`(?<y1>\d{4}|(?:令和|平成)(?:元|\d{1,2}))年\s*(?<m1>\d{1,2})月\s*(?<d1>\d{1,2})日`,
  String.raw`(?<y2>\d{4})[-/](?<m2>\d{1,2})[-/](?<d2>\d{1,2})`,
  String.raw`(?<d3>\d{1,2})\s+(?<m3>${month})\s+(?<y3>\d{4})`,
  String.raw`(?<m4>${month})\s+(?<d4>\d{1,2}),\s*(?<y4>\d{4})`,
].join("|");

/** Reads "one day" or "one day - another"; undefined if it is neither. Throws Refused for a day that is on no calendar. */
export function parsePeriod(text: string): Period | undefined {
  const line = text.normalize("NFKC").trim().toLowerCase();
  const found = [...line.matchAll(new RegExp(day, "gu"))];
  const between = line.replaceAll(new RegExp(day, "gu"), "").trim();
  if (found.length < 1 || found.length > 2 || !/^[-–—−~〜から]*$/u.test(between)) return undefined;
  const [from = "", to = from] = found.map(({ 0: written, groups = {} }) => isoDay(written, groups));
  if (from > to) throw new Refused(`期間「${text.trim()}」は、終わりが始まりより前です。`);
  return { from, to };
}

/** Reads a period that stands somewhere in a text, such as a title; undefined if there is none, or more than one. */
export function findPeriod(text: string): Period | undefined {
  const line = text.normalize("NFKC").toLowerCase();
  const one = day.replaceAll(/\?<\w+>/gu, "?:");
  const found = [...line.matchAll(new RegExp(`(?:${one})\\s*[-–—−~〜から]+\\s*(?:${one})`, "gu"))];
  return found.length === 1 ? parsePeriod(found[0]?.[0] ?? "") : undefined;
}

/** Reads a month: 2026年10月, 2026-10, 2026/10, October 2026, or its first day; undefined if it is none. */
export function parseMonth(text: string): Period | undefined {
  const line = text.normalize("NFKC").trim().toLowerCase();
  const [, year, number] = /^(\d{4})(?:年\s*|[-/])(\d{1,2})月?$/u.exec(line) ?? [];
  const [, name = "", named] = new RegExp(`^(${month})\\s+(\\d{4})$`, "u").exec(line) ?? [];
  const first = named
    ? `${named}-${String(months.indexOf(name.slice(0, 3)) + 1).padStart(2, "0")}-01`
    : year
      ? `${year}-${(number ?? "").padStart(2, "0")}-01`
      : parseDay(text);
  if (first === undefined || !first.endsWith("-01") || !isOnCalendar(first)) return undefined;
  return { from: first, to: dayAfter(`${dayAfter(first, 31).slice(0, 7)}-01`, -1) };
}

/** Reads one day; undefined if it is none. Throws Refused for 9月31日: moving it on would be a guess. */
export function parseDay(text: string): string | undefined {
  const period = parsePeriod(text);
  return period?.from === period?.to ? period?.from : undefined;
}

function isoDay(written: string, groups: Record<string, string | undefined>): string {
  const part = (letter: string) => [1, 2, 3, 4].map((n) => groups[`${letter}${n}`]).find((v) => v !== undefined) ?? "";
  const named = months.indexOf(part("m").slice(0, 3)) + 1;
  const [, era = "", ofEra = ""] = /^(\D+)(元|\d+)$/u.exec(part("y")) ?? [];
  const year = era === "" ? part("y") : String((eras[era] ?? 0) - 1 + (ofEra === "元" ? 1 : Number(ofEra)));
  const iso = [year, String(named || part("m")).padStart(2, "0"), part("d").padStart(2, "0")].join("-");
  if (!isOnCalendar(iso)) throw new Refused(`「${written}」という日付はありません。`);
  return iso;
}

/** The first day of a day's month. Both YYYY-MM-DD. */
export const monthOf = (day: string): string => `${day.slice(0, 7)}-01`;

/** The first day of the month after the one of this day. Both YYYY-MM-DD. */
export const monthAfter = (day: string): string => monthOf(dayAfter(monthOf(day), 31));

/** The first day of the month before the one of this day. Both YYYY-MM-DD. */
export const monthBefore = (day: string): string => monthOf(dayAfter(monthOf(day), -1));

/** A period as people read it. */
export const periodInJapanese = ({ from, to }: Period) =>
  from === to ? formatDate(from) : `${formatDate(from)}〜${formatDate(to)}`;

/** The period of a report, from a form or the command line; the last 90 days where it is left open. Throws Invalid by field. */
export function periodFromInput(input: { from?: string | null; to?: string | null }, now = new Date()): Period {
  const errors: Record<string, string> = {};
  const read = (field: "from" | "to", otherwise: (() => string) | undefined) => {
    const text = input[field]?.trim() ?? "";
    if (text === "" && otherwise) return otherwise();
    const written = /^\d{4}-\d{2}-\d{2}$/u.test(text);
    if (!written) errors[field] = `${names[field]}は 2026-10-01 の形で入力してください。`;
    else if (!isOnCalendar(text)) errors[field] = `${names[field]}の「${formatDate(text)}」という日付はありません。`;
    else return text;
    return dayOf(now);
  };
  const to = read("to", () => dayOf(now));
  const from = read("from", () => dayAfter(to, -89));
  if (Object.keys(errors).length === 0 && from > to) errors.from = "開始日は、終了日と同じか前の日にしてください。";
  if (Object.keys(errors).length > 0) throw new Invalid(errors);
  return { from, to };
}

const names = { from: "開始日", to: "終了日" };
