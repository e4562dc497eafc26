/** The next event that the organisation announces on its site, for mails that lead on to it. */

import { instantOf } from "#db/calendar/days.ts";
import type { PublishedText } from "#db/published/texts.ts";
import type { Locale } from "#db/terms/locale.ts";
import { shownTexts } from "./shown-texts.ts";

/** The first event that has not begun and is public in this language now; undefined where there is none. */
export async function nextEvent(locale: Locale, now = new Date()): Promise<PublishedText<"event"> | undefined> {
  const events = await shownTexts("event", locale, now);
  return events.find(({ facts }) => instantOf(facts.day, facts.starts) > now);
}
