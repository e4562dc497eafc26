/** Which texts of the organisation are public: the one read and the one rule, for pages (api/published) and for mails. */

import { and, asc, eq, gte, or } from "drizzle-orm";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { content, contentPeriods, contentRevisions } from "#db/schema/content.ts";
import { settings } from "#db/settings/settings.ts";
import type { ContentBody, ContentFacts } from "#db/terms/content-fields.ts";
import { type ContentKind, isDated, type RevisionOrigin } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";

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

/** What the rule asks of a moment. A page's (api/pages/page-time.ts) notes with each answer until when it stays so. */
export interface Moment {
  isSince: (moment: Date) => boolean;
  /** Whether the last day of a consent, YYYY-MM-DD in Asia/Tokyo, is not over. */
  isConsented: (lastDay: string) => boolean;
  /** Whether a day, the same, is not over. */
  isThrough: (day: string) => boolean;
}

/** Texts that are shown now or later, of all kinds or of one, in the order of their lists. */
export async function readPublishedTexts(now: Date, kind?: ContentKind): Promise<PublishedText[]> {
  const rows = await db
    .select({
      id: content.id,
      kind: content.kind,
      slug: content.slug,
      locale: contentPeriods.locale,
      revisionNo: contentPeriods.revisionNo,
      facts: content.facts,
      body: contentRevisions.body,
      origin: contentRevisions.origin,
      shownFrom: contentPeriods.shownFrom,
      shownTo: contentPeriods.shownTo,
      lastDay: contentPeriods.lastDay,
    })
    .from(contentPeriods)
    .innerJoin(content, eq(content.id, contentPeriods.contentId))
    .innerJoin(
      contentRevisions,
      and(
        eq(contentRevisions.contentId, contentPeriods.contentId),
        eq(contentRevisions.locale, contentPeriods.locale),
        eq(contentRevisions.no, contentPeriods.revisionNo),
      ),
    )
    .where(
      and(
        kind && eq(content.kind, kind),
        or(eq(contentPeriods.needsConsent, false), gte(contentPeriods.lastDay, dayOf(now))),
      ),
    )
    .orderBy(asc(content.position), asc(content.id), asc(contentPeriods.locale), asc(contentPeriods.revisionNo));
  // A body holds what its kind had when it was written: a field that came later reads as empty.
  return rows.map((row) => ({
    ...row,
    shownFrom: row.shownFrom?.getTime() ?? null,
    shownTo: row.shownTo?.getTime() ?? null,
  })) as PublishedText[];
}

/** Whether it was invented for the sample, which is shown only while the installation is one. */
export const isOfSample = ({ origin }: Pick<PublishedText, "origin">): boolean => origin === "sample";

/** The same, where the sample is over: then nobody is shown it. */
export const isOverSample = (text: Pick<PublishedText, "origin">): boolean =>
  isOfSample(text) && settings().stage !== "sample";

/**
 * Whether a text is shown at this moment; a page then also knows until when that stays so. After the last day of a
 * consent it is shown nowhere, whatever fails.
 */
export function isShown(text: PublishedText, time: Moment): boolean {
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
