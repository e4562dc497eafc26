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
/** 2026年10月1日, 2026-10-01, 2026/10/1, 1 October 2026, October 1, 2026. Never 10/1/2026: it is two days. */
const day = [
  String.raw`(?<y1>\d{4})年\s*(?<m1>\d{1,2})月\s*(?<d1>\d{1,2})日`,
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

/** Reads one day; undefined if it is none. Throws Refused for 9月31日: moving it on would be a guess. */
export function parseDay(text: string): string | undefined {
  const period = parsePeriod(text);
  return period?.from === period?.to ? period?.from : undefined;
}

function isoDay(written: string, groups: Record<string, string | undefined>): string {
  const part = (letter: string) => [1, 2, 3, 4].map((n) => groups[`${letter}${n}`]).find((v) => v !== undefined) ?? "";
  const named = months.indexOf(part("m").slice(0, 3)) + 1;
  const iso = [part("y"), String(named || part("m")).padStart(2, "0"), part("d").padStart(2, "0")].join("-");
  if (!isOnCalendar(iso)) throw new Refused(`「${written}」という日付はありません。`);
  return iso;
}

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
