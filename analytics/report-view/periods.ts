/** Periods that analysts choose: whole weeks and months, and the ones a period is compared with. Days in Asia/Tokyo. */

import type { Period } from "#analytics/period.ts";
import { dayAfter, weekdayOf } from "#db/calendar/days.ts";

/** What a period is made of. Weeks begin on Monday, as in Google Ads. */
export type Unit = "week" | "month";

const earlier = (a: string, b: string) => (a < b ? a : b);

/** The first day of the unit that a day lies in. */
export function startOf(unit: Unit, day: string): string {
  return unit === "month" ? `${day.slice(0, 8)}01` : dayAfter(day, -((weekdayOf(day) + 6) % 7));
}

/** The last day of the unit that a day lies in. */
export function endOf(unit: Unit, day: string): string {
  if (unit === "week") return dayAfter(startOf("week", day), 6);
  return dayAfter(startOf("month", dayAfter(startOf("month", day), 31)), -1);
}

/** The same day so many months later (earlier if negative), or the last one of a shorter month. */
export function addMonths(day: string, months: number): string {
  const count = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  const first = `${String(Math.floor(count / 12)).padStart(4, "0")}-${String((count % 12) + 1).padStart(2, "0")}-01`;
  return earlier(`${first.slice(0, 8)}${day.slice(8)}`, endOf("month", first));
}

/** The days between two, one less than both with what lies between. */
const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** Months begun from one day to another: 1 for two days of one month. */
const monthsOf = ({ from, to }: Period) =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7)) + 1;

/** Widened to whole units; it ends today where its last unit still goes on. */
export function wholeUnits(unit: Unit, { from, to }: Period, today: string): Period {
  const end = endOf(unit, to);
  return { from: startOf(unit, from), to: to <= today && end > today ? today : end };
}

/**
 * The period to compare with. Of days that are still to come nothing can be compared: they are left off first.
 * `previous`: months that begin on a first day are compared with as many months before, up to the same day; all else
 * with as many days before. `year`: the same days a year before; whole weeks 52 weeks before, so that weekdays match.
 */
export function comparedWith(kind: "previous" | "year", period: Period, today: string): Period {
  const { from } = period;
  const to = period.from > today ? period.to : earlier(period.to, today);
  const isWhole = to === endOf("month", to);
  const back = (months: number) => {
    const end = addMonths(to, -months);
    return { from: addMonths(from, -months), to: isWhole ? endOf("month", end) : end };
  };
  const days = daysBetween(from, to) + 1;
  const beginsMonth = from === startOf("month", from);
  if (kind === "previous")
    return beginsMonth ? back(monthsOf({ from, to })) : { from: dayAfter(from, -days), to: dayAfter(from, -1) };
  const isWeeks = from === startOf("week", from) && days % 7 === 0 && !(beginsMonth && isWhole);
  return isWeeks ? { from: dayAfter(from, -364), to: dayAfter(to, -364) } : back(12);
}

/** Periods that are one press away. */
export function presets(today: string): { label: string; period: Period }[] {
  const month = startOf("month", today);
  return [
    { label: "今月", period: { from: month, to: today } },
    { label: "先月", period: { from: addMonths(month, -1), to: dayAfter(month, -1) } },
    { label: "この3か月", period: { from: addMonths(month, -2), to: today } },
    { label: "この1年", period: { from: addMonths(month, -11), to: today } },
  ];
}

/** The units of a period, oldest first, each cut to the days of the period. Together they are the period. */
export function bucketsOf(unit: Unit, { from, to }: Period): Period[] {
  const buckets: Period[] = [];
  for (let day = from; day <= to;) {
    const end = earlier(endOf(unit, day), to);
    buckets.push({ from: day, to: end });
    day = dayAfter(end);
  }
  return buckets;
}
