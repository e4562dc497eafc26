/** What a guide is called in a language: as staff published it there, else in Japanese, which its page then says. */

import type { Guide } from "#api/guides/catalogue.ts";
import { type Moment, textsIn } from "#api/published/published.ts";
import type { Locale } from "#db/terms/locale.ts";

/** Some words, and their attribute `lang`: "ja" for Japanese on a page in English. */
interface Said<T> {
  words: T;
  lang: "ja" | undefined;
}

interface GuideIn {
  title: string;
  summary: string;
  /** Of title and summary. */
  lang: "ja" | undefined;
  forWhom: Said<string>;
  contents: Said<string[]>;
}

/** Its words on a page in this language. */
export function guideIn(
  guide: Pick<Guide, "slug" | "title" | "summary" | "forWhom" | "contents">,
  locale: Locale,
  time: Moment,
): GuideIn {
  const { slug, title, summary, forWhom, contents } = guide;
  // The Japanese is the guide's own, which a page has also while nothing is published.
  const own = locale === "ja" ? undefined : textsIn("guide", locale, time).find((text) => text.slug === slug)?.body;
  const japanese = locale === "en" ? "ja" : undefined;
  const parts = (own?.contents ?? "").split("\n").filter((part) => part.trim() !== "");
  return {
    ...(own ? { title: own.title, summary: own.summary, lang: undefined } : { title, summary, lang: japanese }),
    forWhom: own?.for_whom ? { words: own.for_whom, lang: undefined } : { words: forWhom, lang: japanese },
    contents: parts.length > 0 ? { words: parts, lang: undefined } : { words: contents, lang: japanese },
  };
}
