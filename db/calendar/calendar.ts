/** Business days, the day by which we answer, and when the phone is staffed. All days are YYYY-MM-DD in Asia/Tokyo. */

import holidayJp from "@holiday-jp/holiday_jp";
import { organisation } from "#db/terms/organisation.ts";
import { dayAfter, dayOf, instantOf, wallClock, weekdayOf } from "./days.ts";

/** False on Saturdays, Sundays, national holidays and in the year-end closing. */
export function isBusinessDay(day: string): boolean {
  // Cached: the library takes 35 µs, and a list counts the business days of every row.
  let known = businessDays.get(day);
  if (known === undefined) businessDays.set(day, (known = lookUpBusinessDay(day)));
  return known;
}

const businessDays = new Map<string, boolean>();

function lookUpBusinessDay(day: string): boolean {
  const weekday = weekdayOf(day);
  const { from, to } = organisation.yearEndClosing;
  const monthDay = day.slice(5);
  return weekday !== 0 && weekday !== 6 && !holidayJp.isHoliday(day) && !(monthDay >= from || monthDay <= to);
}

/** How many business days come after the day `from`, up to the day `to` and including it; 0 when `to` is not later. */
export function businessDaysBetween(from: string, to: string): number {
  let count = 0;
  for (let day = dayAfter(from); day <= to; day = dayAfter(day)) if (isBusinessDay(day)) count++;
  return count;
}

/**
 * The day by which we promise to answer something received at `instant`. Counting starts on the
 * next business day; what arrives outside opening hours counts as arrived when we next open.
 */
export function replyByDate(instant: Date): string {
  const minute = Math.floor(instant.getTime() / 60_000);
  // Cached for a minute: looking up holidays costs more than sealing the message.
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

/** Whether the phone is staffed, and if not, the day it is staffed next; `until` is when that changes. */
export type PhoneHours = { isOpen: true; until: Date } | { isOpen: false; opensOn: string; until: Date };

/** Whether the phone is staffed at `now`. */
export function phoneHours(now: Date): PhoneHours {
  const day = dayOf(now);
  const time = wallClock(now).slice(11);
  const { opens, closes } = organisation.hours;
  const isStaffedToday = isBusinessDay(day) && time < closes;
  if (isStaffedToday && time >= opens) return { isOpen: true, until: instantOf(day, closes) };
  const opensOn = isStaffedToday ? day : following(day);
  return { isOpen: false, opensOn, until: instantOf(opensOn, opens) };
}

function following(day: string): string {
  let next = dayAfter(day);
  while (!isBusinessDay(next)) next = dayAfter(next);
  return next;
}
