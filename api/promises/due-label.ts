/** How long until an answer is due, in business days, as staff read it. Families read the day itself. */

import { businessDaysBetween } from "#db/calendar/calendar.ts";

/**
 * 「あと2日」「きょうまで」「3日超過」, counted in business days from `today` to `dueDay` (both YYYY-MM-DD, Asia/Tokyo).
 * On a day off after the due day it is one day late already, since the day is over.
 */
export function dueLabel(dueDay: string, today: string): string {
  if (dueDay === today) return "きょうまで";
  if (dueDay < today) return `${Math.max(1, businessDaysBetween(dueDay, today))}日超過`;
  return `あと${Math.max(1, businessDaysBetween(today, dueDay))}日`;
}
