/** The organisation's texts that are public now, for mails that name them. */

import { dayOf } from "#db/calendar/days.ts";
import { inOrder, isShown, type Moment, type PublishedText, readPublishedTexts } from "#db/published/texts.ts";
import type { ContentKind } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";

/** The rule's questions about one instant. */
const momentOf = (now: Date): Moment => ({
  isSince: (moment) => moment <= now,
  isConsented: (lastDay) => dayOf(now) <= lastDay,
  isThrough: (day) => dayOf(now) <= day,
});

/** What is public of a kind in this language now, in the order of the site. */
export async function shownTexts<K extends ContentKind>(
  kind: K,
  locale: Locale,
  now = new Date(),
): Promise<PublishedText<K>[]> {
  const time = momentOf(now);
  const shown = (await readPublishedTexts(now, kind)).filter((text) => text.locale === locale && isShown(text, time));
  // The kind says which fields there are; the compiler cannot follow that through the read.
  return inOrder(kind, shown) as unknown as PublishedText<K>[];
}
