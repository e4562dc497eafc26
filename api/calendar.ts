/** Days as an office in Japan counts them. All dates are YYYY-MM-DD in Asia/Tokyo. */
import holidayJp from "@holiday-jp/holiday_jp";
import { organisation } from "#db/terms.ts";

const tokyoParts = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tokyo", dateStyle: "short" });
const tokyoTime = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Tokyo", timeStyle: "short" });
/** The calendar day in Asia/Tokyo of an instant. */
export const dayOf = (instant: Date): string => tokyoParts.format(instant);

/** Noon UTC of a day: the same calendar day in every zone we compute in. */
const noon = (day: string) => new Date(`${day}T12:00:00Z`);

const nextDay = (day: string) => new Date(noon(day).getTime() + 86_400_000).toISOString().slice(0, 10);

/** False on Saturdays, Sundays, national holidays and in the year-end closing. */
export function isBusinessDay(day: string): boolean {
  const weekday = noon(day).getUTCDay();
  const { from, to } = organisation.yearEndClosing;
  const monthDay = day.slice(5);
  return weekday !== 0 && weekday !== 6 && !holidayJp.isHoliday(day) && !(monthDay >= from || monthDay <= to);
}

/**
 * The day by which we promise to answer something received at `instant`. Counting starts on the
 * next business day; what arrives outside opening hours counts as arrived when we next open.
 */
export function replyByDate(instant: Date): string {
  const minute = Math.floor(instant.getTime() / 60_000);
  // Looking holidays up costs more than sealing the letter; requests of one minute share the answer.
  if (latest.minute !== minute) latest = { minute, day: countReplyBy(instant) };
  return latest.day;
}

let latest = { minute: Number.NaN, day: "" };

function countReplyBy(instant: Date): string {
  let day = dayOf(instant);
  const isLate = tokyoTime.format(instant) >= organisation.hours.closes;
  if (isLate || !isBusinessDay(day)) day = following(day);
  for (let i = 0; i < organisation.replyBusinessDays; i++) day = following(day);
  return day;
}

function following(day: string): string {
  let next = nextDay(day);
  while (!isBusinessDay(next)) next = nextDay(next);
  return next;
}
