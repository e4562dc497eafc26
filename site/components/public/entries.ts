/** The published writing of one language. */

import { type CollectionEntry, type CollectionKey, getCollection } from "astro:content";
import type { Locale } from "#db/terms/locale.ts";

/** The entries of a collection in this language, in the order they name or else by file name. */
export async function entriesIn<C extends CollectionKey>(collection: C, locale: Locale): Promise<CollectionEntry<C>[]> {
  const entries = await getCollection(collection, ({ id }) => id.startsWith(`${locale}/`));
  const orderOf = ({ data, id }: CollectionEntry<C>) =>
    "order" in data ? String(data.order).padStart(4, "0") : "date" in data ? String(data.date) : id;
  return entries.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}
