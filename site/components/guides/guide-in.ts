/** What a guide is called in a language: as staff published it there, else in Japanese, which its page then says. */

import type { Guide } from "#api/guides/catalogue.ts";
import { type Moment, textsIn } from "#api/published/published.ts";
import type { Locale } from "#db/terms/locale.ts";

interface GuideIn {
  title: string;
  summary: string;
  /** The attribute of title and summary: "ja" for Japanese on a page in English. */
  lang: "ja" | undefined;
  /** The same of its parts and readers, which are written in Japanese alone. */
  langOfContents: "ja" | undefined;
}

/** Its words on a page in this language. */
export function guideIn(
  { slug, title, summary }: Pick<Guide, "slug" | "title" | "summary">,
  locale: Locale,
  time: Moment,
): GuideIn {
  // The Japanese is the guide's own, which a page has also while nothing is published.
  const own = locale === "ja" ? undefined : textsIn("guide", locale, time).find((text) => text.slug === slug)?.body;
  const langOfContents = locale === "en" ? "ja" : undefined;
  return { ...(own ?? { title, summary }), lang: own ? undefined : langOfContents, langOfContents };
}
