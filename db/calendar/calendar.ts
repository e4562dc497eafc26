/** Business days, the day by which we answer, and when the phone is staffed. All days are YYYY-MM-DD in Asia/Tokyo. */

import holidayJp from "@holiday-jp/holiday_jp";
import { type Hours, weekdays } from "#db/settings/keys.ts";
import { oncePerSettings, settings } from "#db/settings/settings.ts";
import { dayAfter, dayOf, instantOf, wallClock, weekdayOf } from "./days.ts";

/**
 * Whether somebody answers on a day: it has opening hours in its week, and is no closing day of the organisation and,
 * unless they are worked on, no national holiday. Cached: the library takes 35 µs, and a list counts the business days
 * of every row.
 */
export const isBusinessDay: (day: string) => boolean = oncePerSettings(({ values }, day: string) => {
  if (hoursOn(day) === null || values.closing_days.includes(day)) return false;
  if (values.closed_on_holidays && holidayJp.isHoliday(day)) return false;
  return values.year_end === null || !isWithinYear(day.slice(5), values.year_end);
});

/** The hours that the settings give to the day's weekday. */
const hoursOn = (day: string): Hours["mon"] => settings().hours[weekdays[(weekdayOf(day) + 6) % 7] ?? "mon"];

/** Whether MM-DD lies from `from` through `to`, over the new year where `from` is later. */
const isWithinYear = (monthDay: string, { from, to }: { from: string; to: string }) =>
  from <= to ? from <= monthDay && monthDay <= to : monthDay >= from || monthDay <= to;

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
  const { number } = settings();
  // Cached for a minute: looking up holidays costs more than sealing the message.
  if (latest.minute !== minute || latest.number !== number) latest = { minute, number, day: countReplyBy(instant) };
  return latest.day;
}

/** The moment at which `replyByDate` may next give another day: when today's hours end, or at midnight. */
export function replyByChanges(now: Date): Date {
  const day = dayOf(now);
  const hours = hoursOn(day);
  const closes = hours === null ? now : instantOf(day, hours.closes);
  return closes > now ? closes : instantOf(dayAfter(day));
}

let latest = { minute: Number.NaN, number: Number.NaN, day: "" };

function countReplyBy(instant: Date): string {
  let day = dayOf(instant);
  const hours = hoursOn(day);
  const isLate = hours !== null && wallClock(instant).slice(11) >= hours.closes;
  if (isLate || !isBusinessDay(day)) day = following(day);
  for (let i = 0; i < settings().replyDays; i++) day = following(day);
  return day;
}

/**
 * Whether the phone is staffed, and until what time ("17:00"); if not, the day and time at which it is staffed next.
 * `until` is when that changes.
 */
export type PhoneHours =
  | { isOpen: true; closes: string; until: Date }
  | { isOpen: false; opensOn: string; opens: string; until: Date };

/** Whether the phone is staffed at `now`. */
export function phoneHours(now: Date): PhoneHours {
  const day = dayOf(now);
  const time = wallClock(now).slice(11);
  const today = isBusinessDay(day) ? hoursOn(day) : null;
  const isStaffedToday = today !== null && time < today.closes;
  if (isStaffedToday && time >= today.opens)
    return { isOpen: true, closes: today.closes, until: instantOf(day, today.closes) };
  const opensOn = isStaffedToday ? day : following(day);
  const opens = hoursOn(opensOn)?.opens ?? "00:00";
  return { isOpen: false, opensOn, opens, until: instantOf(opensOn, opens) };
}

/** Days that are looked through for one of work: a list of closing days may fill a season, no more. */
const longestClosing = 400;

function following(day: string): string {
  let next = dayAfter(day);
  for (let i = 0; i < longestClosing && !isBusinessDay(next); i++) next = dayAfter(next);
  return next;
}
