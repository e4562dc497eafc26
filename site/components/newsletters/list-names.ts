/** What lists are called on a page: in its language where the dictionary knows the list, else as it is called in Japanese. */

import type { Locale } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";

/** Each list with its name, and its description if it has one; `lang` is the attribute of both. */
export const listsIn = <L extends { slug: string; name: string; description?: string }>(
  lists: readonly L[],
  locale: Locale,
): (L & { lang: "ja" | undefined })[] =>
  lists.map((list) => {
    const words = wordsIn(locale).newsletter.lists[list.slug];
    return { ...list, ...words, lang: words === undefined && locale === "en" ? "ja" : undefined };
  });
