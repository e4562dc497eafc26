/** The headline of an advertisement group on the landing page. */

import { type Moment, type PublishedText, textsIn } from "#api/published/published.ts";
import type { Locale } from "#db/terms/locale.ts";

/** The headline of this slug while it is published in the language; the page's own stands otherwise. */
export const headlineOf = (
  slug: string | undefined,
  locale: Locale,
  time: Moment,
): PublishedText<"headline"> | undefined =>
  slug === undefined ? undefined : textsIn("headline", locale, time).find((text) => text.slug === slug);
