/** What a page knows of time, and until when what it says stays true. */

import { type PhoneHours, phoneHours, replyByChanges, replyByDate } from "#db/calendar/calendar.ts";
import { dayAfter, dayOf, formatDayIn, instantOf } from "#db/calendar/days.ts";
import type { Locale } from "#db/terms/locale.ts";

const tomorrow: Record<Locale, string> = { ja: "あした", easy: "あした", en: "tomorrow" };
const sameDay: Record<Locale, string> = { ja: "今日", easy: "今日", en: "today" };

/**
 * The moment a page is rendered for. Public pages read time only here: whatever is read notes the next moment
 * at which it would be read differently, so that `trueUntil` is right by construction.
 */
export class PageTime {
  readonly now: Date;
  /** Milliseconds since 1970: the first moment at which the page reads differently. */
  trueUntil = Infinity;
  /** The same: from then on the page must not be shown, not even when no newer one can be rendered. */
  showUntil = Infinity;

  constructor(now: Date) {
    this.now = now;
  }

  /** The day in Asia/Tokyo. */
  today(): string {
    const day = dayOf(this.now);
    this.#changesAt(instantOf(dayAfter(day)));
    return day;
  }

  /** Whether the phone is staffed, and if not, the day it is staffed next. */
  phone(): PhoneHours {
    const hours = phoneHours(this.now);
    this.#changesAt(hours.until);
    return hours;
  }

  /** The day the phone is staffed next, as people say it today; empty while it is staffed. */
  opensOn(locale: Locale): string {
    const phone = this.phone();
    if (phone.isOpen) return "";
    const today = this.today();
    if (phone.opensOn === today) return sameDay[locale];
    return phone.opensOn === dayAfter(today) ? tomorrow[locale] : formatDayIn(locale, phone.opensOn);
  }

  /** The day by which somebody who writes now has an answer, YYYY-MM-DD in Asia/Tokyo. */
  replyBy(): string {
    this.#changesAt(replyByChanges(this.now));
    return replyByDate(this.now);
  }

  /** Whether this day (YYYY-MM-DD in Asia/Tokyo) is not over. */
  isThrough(day: string): boolean {
    const end = instantOf(dayAfter(day));
    const isThrough = this.now < end;
    if (isThrough) this.#changesAt(end);
    return isThrough;
  }

  /** Whether this moment has come. */
  isSince(moment: Date): boolean {
    const isSince = moment <= this.now;
    if (!isSince) this.#changesAt(moment);
    return isSince;
  }

  /** As `isThrough`, for the last day of a consent. What it allowed to show is never shown afterwards, whatever fails. */
  isConsented(lastDay: string): boolean {
    const isConsented = this.isThrough(lastDay);
    if (isConsented) this.showUntil = Math.min(this.showUntil, instantOf(dayAfter(lastDay)).getTime());
    return isConsented;
  }

  #changesAt(moment: Date): void {
    this.trueUntil = Math.min(this.trueUntil, moment.getTime());
  }
}
