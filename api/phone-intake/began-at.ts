/** When a call came: the form that is open meanwhile carries it. */

import { keptForDays } from "#api/drafts/drafts.ts";
import { instantOf, isOnCalendar } from "#db/calendar/days.ts";

/**
 * The minute in which the form was opened, from its hidden field ("2026-11-27T14:40", Asia/Tokyo): a draft that is
 * finished on the next day is still about a call of the day before. `now` where the field is missing, is no minute,
 * lies ahead, or lies further back than a draft is kept.
 */
export function beganAt(typed: unknown, now: Date): Date {
  const [, day = "", time = ""] =
    typeof typed === "string" ? (/^(\d{4}-\d{2}-\d{2})T((?:[01]\d|2[0-3]):[0-5]\d)$/u.exec(typed) ?? []) : [];
  if (day === "" || !isOnCalendar(day)) return now;
  const began = instantOf(day, time);
  const isPlausible = began <= now && now.getTime() - began.getTime() < keptForDays * 86_400_000;
  return isPlausible ? began : now;
}
