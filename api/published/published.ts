/**
 * What the organisation has published, as this process has it: one frozen snapshot, replaced as a whole (store.ts reads
 * it). It holds what is shown now and what will be, so that a page tells from it and its moment alone what it shows, also
 * without a database.
 */

import { inOrder, isShown, type Moment, type PublishedText } from "#db/published/texts.ts";
import { linesOf, pictureIdIn } from "#db/terms/content-fields.ts";
import type { ContentKind, FocalPoint } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";

// Pages, which read no tables, have the rule and its words from here.
export { isOfSample, type Moment, type PublishedText } from "#db/published/texts.ts";

/** A file of a picture. */
export interface PictureFile {
  variant: "small" | "large" | "master";
  type: "image/webp" | "image/jpeg";
  width: number;
  height: number;
  sha256: string;
}

/** A picture, without the content of its files. */
export interface PublishedPicture {
  id: string;
  needsConsent: boolean;
  focalPoint: FocalPoint;
  alt: Partial<Record<Locale, string>>;
  files: readonly PictureFile[];
  /** By entry: the last day (YYYY-MM-DD in Asia/Tokyo) of a consent to it. */
  lastDays: Readonly<Record<string, string>>;
}

/** The snapshot. Texts stand in the order of their lists. */
export interface Published {
  texts: readonly PublishedText[];
  pictures: Readonly<Record<string, PublishedPicture>>;
}

let current: Published = Object.freeze({ texts: [], pictures: {} });

/** What this process knows to be published. Read it at the moment of use. */
export const published = (): Published => current;

/** Puts another snapshot in force, in this process. */
export function replacePublished(next: Published): void {
  current = Object.freeze(next);
}

/** What is published of a kind in a language at the page's moment, in order; never in another language. */
export function textsIn<K extends ContentKind>(kind: K, locale: Locale, time: Moment): PublishedText<K>[] {
  const shown = current.texts.filter((text) => text.kind === kind && text.locale === locale && isShown(text, time));
  // The kind says which fields there are; the compiler cannot follow that through the filter.
  return inOrder(kind, shown) as unknown as PublishedText<K>[];
}

/** An entry of any kind, with the facts that it has. */
type OfEntry = Pick<PublishedText, "id"> & { facts: Partial<Record<string, string>> };

/** The picture of an entry, if it has one that may be shown at the page's moment. */
export function pictureOf(text: OfEntry, time: Moment): PublishedPicture | undefined {
  const picture = current.pictures[pictureIdIn(text.facts) ?? ""];
  if (!picture?.needsConsent) return picture;
  const lastDay = picture.lastDays[text.id];
  return lastDay !== undefined && time.isConsented(lastDay) ? picture : undefined;
}

/** Whether a picture's files may be given out: while a text that shows it is shown, and its own consent lasts if it needs one. */
export const isPicturePublic = (picture: PublishedPicture, time: Moment): boolean =>
  current.texts.some((text) => isShown(text, time) && pictureOf(text, time)?.id === picture.id);

/** Which advertisement group (`gid`) or campaign (`utm_campaign`) has a headline of its own in a language: value → the entry's slug. */
export interface Headlines {
  gid: Map<string, string>;
  campaign: Map<string, string>;
}

/** The headlines that are published now. Of two with the same number the first of the list counts. */
export function headlinesIn(locale: Locale, time: Moment): Headlines {
  const texts = textsIn("headline", locale, time);
  const by = (fact: "gids" | "campaigns") =>
    new Map(
      texts
        .flatMap(({ slug, facts }) => linesOf(facts[fact]).map((value): [string, string] => [value, slug]))
        .toReversed(),
    );
  return { gid: by("gids"), campaign: by("campaigns") };
}
