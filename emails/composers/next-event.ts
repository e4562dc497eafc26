/** The next event that the organisation announces on its site, for mails that lead on to it. */

import { dayOf, instantOf } from "#db/calendar/days.ts";
import { inOrder, isShown, type Moment, type PublishedText, readTexts } from "#db/published/texts.ts";
import type { Locale } from "#db/terms/locale.ts";

/** The rule's questions about one instant. */
const momentOf = (now: Date): Moment => ({
  isSince: (moment) => moment <= now,
  isConsented: (lastDay) => dayOf(now) <= lastDay,
  isThrough: (day) => dayOf(now) <= day,
});

/** The first event that has not begun and is public in this language now; undefined where there is none. */
export async function nextEvent(locale: Locale, now = new Date()): Promise<PublishedText<"event"> | undefined> {
  const time = momentOf(now);
  const shown = (await readTexts(now, "event")).filter((text) => text.locale === locale && isShown(text, time));
  // The kind says which fields there are; the compiler cannot follow that through the read.
  const events = inOrder("event", shown) as unknown as PublishedText<"event">[];
  return events.find(({ facts }) => instantOf(facts.day, facts.starts) > now);
}
