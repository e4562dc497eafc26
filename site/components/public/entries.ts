/** The published writing of one language. */

import { type CollectionEntry, type CollectionKey, getCollection } from "astro:content";
import { settings } from "#db/settings/settings.ts";
import type { Locale } from "#db/terms/locale.ts";

/**
 * The entries of a collection in this language, in the order they name or else by file name; those of the sample only while
 * it is shown.
 */
export async function entriesIn<C extends CollectionKey>(collection: C, locale: Locale): Promise<CollectionEntry<C>[]> {
  const entries = await getCollection(
    collection,
    ({ id, data }) => id.startsWith(`${locale}/`) && (!isOfSample(data) || settings().stage === "sample"),
  );
  const orderOf = ({ data, id }: CollectionEntry<C>) =>
    "order" in data ? String(data.order).padStart(4, "0") : "date" in data ? String(data.date) : id;
  return entries.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

/** Whether an entry is invented. */
export const isOfSample = (data: object): boolean => "sample" in data && data.sample === true;
