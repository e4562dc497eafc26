/**
 * What the organisation has published, as this process has it: one frozen snapshot, replaced as a whole (store.ts reads
 * it). It holds what is shown now and what will be, so that a page tells from it and its moment alone what it shows, also
 * without a database.
 */

import { settings } from "#db/settings/settings.ts";
import { type ContentBody, type ContentFacts, linesOf, pictureIdIn } from "#db/terms/content-fields.ts";
import { type ContentKind, type FocalPoint, isDated, type RevisionOrigin } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";

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

/** A revision in the period in which it is shown. */
export interface PublishedText<K extends ContentKind = ContentKind> {
  /** Of the entry. */
  id: string;
  kind: K;
  slug: string;
  locale: Locale;
  revisionNo: number;
  facts: ContentFacts<K>;
  body: ContentBody<K>;
  origin: RevisionOrigin;
  /** Milliseconds since 1970; null: without a beginning, or an end. */
  shownFrom: number | null;
  shownTo: number | null;
  /** Last day of its consent, YYYY-MM-DD in Asia/Tokyo; null where none is needed. */
  lastDay: string | null;
}

/** The snapshot. Texts stand in the order of their lists. */
export interface Published {
  texts: readonly PublishedText[];
  pictures: Readonly<Record<string, PublishedPicture>>;
}

/** What a page asks of its moment (api/pages/page-time.ts): each answer notes until when it stays so. */
export interface Moment {
  isSince: (moment: Date) => boolean;
  /** Whether the last day of a consent, YYYY-MM-DD in Asia/Tokyo, is not over. */
  isConsented: (lastDay: string) => boolean;
  /** Whether a day, the same, is not over. */
  isThrough: (day: string) => boolean;
}

let current: Published = Object.freeze({ texts: [], pictures: {} });

/** What this process knows to be published. Read it at the moment of use. */
export const published = (): Published => current;

/** Puts another snapshot in force, in this process. */
export function replacePublished(next: Published): void {
  current = Object.freeze(next);
}

/** Whether it was invented for the sample, which is shown only while the installation is one. */
export const isOfSample = ({ origin }: Pick<PublishedText, "origin">): boolean => origin === "sample";

/** The same, where the sample is over: then nobody is shown it. */
export const isOverSample = (text: Pick<PublishedText, "origin">): boolean =>
  isOfSample(text) && settings().stage !== "sample";

/**
 * Whether a text is shown at the page's moment; the page then also knows until when that stays so. After the last day of
 * a consent it is shown by no page, whatever fails.
 */
function isShown(text: PublishedText, time: Moment): boolean {
  if (isOverSample(text)) return false;
  if (text.shownFrom !== null && !time.isSince(new Date(text.shownFrom))) return false;
  if (text.shownTo !== null && time.isSince(new Date(text.shownTo))) return false;
  if (text.kind === "event" && !time.isThrough(dayIn(text))) return false;
  return text.lastDay === null || time.isConsented(text.lastDay);
}

/** The day of an event or a piece of news, YYYY-MM-DD. */
const dayIn = ({ facts }: { facts: Partial<Record<string, string>> }): string => facts["day"] ?? "";

/** Entries of a kind, given as their list is ordered, in the order of the site: coming events first, the latest news first. */
export function inOrder<T extends { facts: Partial<Record<string, string>> }>(kind: ContentKind, entries: T[]): T[] {
  if (!isDated(kind)) return entries;
  const sign = kind === "event" ? 1 : -1;
  return entries.toSorted((a, b) => (dayIn(a) < dayIn(b) ? -sign : dayIn(a) > dayIn(b) ? sign : 0));
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
