/** Business days, and the day by which we answer. All days are YYYY-MM-DD in Asia/Tokyo. */
import holidayJp from "@holiday-jp/holiday_jp";
import { dayAfter, dayOf, wallClock, weekdayOf } from "#db/days.ts";
import { organisation } from "#db/terms.ts";

/** False on Saturdays, Sundays, national holidays and in the year-end closing. */
export function isBusinessDay(day: string): boolean {
  const weekday = weekdayOf(day);
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
  const isLate = wallClock(instant).slice(11) >= organisation.hours.closes;
  if (isLate || !isBusinessDay(day)) day = following(day);
  for (let i = 0; i < organisation.replyBusinessDays; i++) day = following(day);
  return day;
}

function following(day: string): string {
  let next = dayAfter(day);
  while (!isBusinessDay(next)) next = dayAfter(next);
  return next;
}
