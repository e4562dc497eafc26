/** Quarters of the fiscal year, which begins in April: "2026-Q1" is April to June 2026, "2026-Q4" January to March 2027. */

/** A quarter's first and last day, YYYY-MM-DD in Asia/Tokyo. */
export interface QuarterDays {
  from: string;
  to: string;
}

const parts = [
  { months: [4, 6], lastDay: 30 },
  { months: [7, 9], lastDay: 30 },
  { months: [10, 12], lastDay: 31 },
  { months: [1, 3], lastDay: 31 },
] as const;

/** Year of the calendar, first and last month of a quarter. */
export function monthsOf(quarter: string): { year: number; from: number; to: number } {
  const [, fiscalYear = "", part = ""] = /^(\d{4})-Q([1-4])$/u.exec(quarter) ?? [];
  const months = parts[Number(part) - 1]?.months;
  if (!months) throw new Error(`no quarter: ${quarter}`);
  return { year: Number(fiscalYear) + (part === "4" ? 1 : 0), from: months[0], to: months[1] };
}

/** The days of a quarter. */
export function daysOf(quarter: string): QuarterDays {
  const { year, from, to } = monthsOf(quarter);
  const lastDay = parts.find(({ months }) => months[0] === from)?.lastDay ?? 30;
  const month = (number: number) => `${year}-${String(number).padStart(2, "0")}`;
  return { from: `${month(from)}-01`, to: `${month(to)}-${lastDay}` };
}

/** The quarter in which a day lies. */
export function quarterOf(day: string): string {
  const [year = 0, month = 0] = day.split("-").map(Number);
  return month < 4 ? `${year - 1}-Q4` : `${year}-Q${Math.floor((month - 1) / 3)}`;
}

/** The quarter after another; or, with -1, before it. */
export function quarterAfter(quarter: string, steps = 1): string {
  const [year = 0, part = 0] = quarter.split("-Q").map(Number);
  const at = year * 4 + part - 1 + steps;
  return `${Math.floor(at / 4)}-Q${(at % 4) + 1}`;
}
