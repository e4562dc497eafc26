/** Days and moments as lists and timelines of the staff area write them: short, and the same everywhere. */

import { dayAfter, dayOf, formatDay, wallClock } from "#db/calendar/days.ts";

/** "25分前", "3時間前", "きのう", "3日前", "11/20": how long ago something happened. */
export function ago(instant: Date, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - instant.getTime()) / 60_000));
  const [day, today] = [dayOf(instant), dayOf(now)];
  if (day === today) return minutes < 60 ? `${minutes}分前` : `${Math.floor(minutes / 60)}時間前`;
  if (day === dayAfter(today, -1)) return "きのう";
  for (const days of [2, 3, 4]) if (day === dayAfter(today, -days)) return `${days}日前`;
  return shortDay(day, today);
}

/** "2026-11-20" → "11/20", of another year "2025/11/20". */
function shortDay(day: string, today: string): string {
  const [year, month, date] = day.split("-").map(Number);
  return day.slice(0, 4) === today.slice(0, 4) ? `${month}/${date}` : `${year}/${month}/${date}`;
}

/** "11/24（火）22:41", of another year "2025/11/24（月）22:41". */
export function moment(instant: Date, now: Date): string {
  const [day = "", time = ""] = wallClock(instant).split("T");
  return `${shortDay(day, dayOf(now))}${formatDay(day).slice(-3)}${time}`;
}
