/** The pages with all entries of some kinds. A page exists in a language where at least one of them is published in it. */

import { NotFound } from "#db/errors.ts";
import type { ContentKind } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";
import { type Moment, type PublishedText, textsIn } from "./published.ts";

/** Path below the language → the kinds on it, in order. */
export const listPages = {
  stories: ["story", "voice", "video"],
  people: ["person", "partner"],
  events: ["event"],
  faq: ["worry", "faq"],
  news: ["news"],
} as const satisfies Record<string, readonly ContentKind[]>;

export type ListPage = keyof typeof listPages;

/** Whether the page has something to show in this language. */
export const hasList = (page: ListPage, locale: Locale, time: Moment): boolean =>
  listPages[page].some((kind) => textsIn(kind, locale, time).length > 0);

/** What stands on the page in this language, by kind. Throws NotFound where there is nothing. */
export function readList(
  page: ListPage,
  locale: Locale,
  time: Moment,
): { kind: ContentKind; texts: PublishedText[] }[] {
  if (!hasList(page, locale, time)) throw new NotFound();
  const kinds: readonly ContentKind[] = listPages[page];
  return kinds.map((kind) => ({ kind, texts: textsIn(kind, locale, time) })).filter(({ texts }) => texts.length > 0);
}
