/** The register of consents to publication: what ends when, where it is used, and what cannot be called back. */

import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { listPages } from "#api/published/lists.ts";
import { allow, type Staff } from "#db/actor.ts";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { publicationUses } from "#db/schema/approvals.ts";
import { staff as people } from "#db/schema/staff.ts";
import { firstWordsOfEntry } from "#db/terms/content-fields.ts";
import { type ContentKind, contentRoles, kindsKeptBy } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";
import { pathIn } from "#db/words/words.ts";
import { giverOf } from "./approvals.ts";

/** Days before its end in which a consent counts as ending, and its keepers are reminded. */
export const endingDays = 60;

export const registerViews = ["valid", "ending", "ended", "withdrawn", "all"] as const;
export type RegisterView = (typeof registerViews)[number];

/** A consent that no later one has replaced. */
export interface RegisteredConsent {
  id: string;
  contentId: string;
  kind: ContentKind;
  /** The entry's first words, which staff know it by. */
  title: string;
  locale: Locale | null;
  revisionNo: number | null;
  hasPicture: boolean;
  reference: string;
  givenBy: string | undefined;
  givenOn: string;
  /** Last day, YYYY-MM-DD in Asia/Tokyo; of a translation that of what it translates, null where that has none. */
  until: string | null;
  withdrawnAt: Date | null;
  channels: string[];
  isTranslation: boolean;
  isPublic: boolean;
  /** Paths on which the text stands while it is public. */
  paths: string[];
  publishedAt: Date | null;
  uses: { place: string; usedOn: string; by: string }[];
}

/** Rows of a page. */
export const registerPage = 50;

/** What ends first stands first; what is withdrawn comes last. For those who keep such entries, of the kinds they keep. */
export async function readRegister(
  staff: Staff,
  { view, page }: { view: RegisterView; page: number },
  now = new Date(),
): Promise<{ consents: RegisteredConsent[]; hasMore: boolean; counts: Record<RegisterView, number> }> {
  allow(staff, ...contentRoles);
  const kinds = kindsKeptBy(staff.role);
  const all = await rowsOf(kinds, dayOf(now), now);
  const today = dayOf(now);
  const last = dayAfter(today, endingDays);
  const isIn: Record<RegisterView, (row: Row) => boolean> = {
    valid: (row) => row.withdrawn_at === null && row.last_day !== null && row.last_day >= today,
    ending: (row) =>
      row.withdrawn_at === null && row.last_day !== null && row.last_day >= today && row.last_day <= last,
    ended: (row) => row.withdrawn_at === null && (row.last_day === null || row.last_day < today),
    withdrawn: (row) => row.withdrawn_at !== null,
    all: () => true,
  };
  const counts = Object.fromEntries(registerViews.map((name) => [name, all.filter(isIn[name]).length]));
  const shown = all.filter(isIn[view]);
  const rows = shown.slice((page - 1) * registerPage, page * registerPage);
  const uses = await usesOf(rows.map((row) => row.content_id));
  return {
    consents: rows.map((row) => consentOf(row, uses)),
    hasMore: shown.length > page * registerPage,
    counts: counts as Record<RegisterView, number>,
  };
}

type Row = Record<string, unknown> & {
  id: string;
  content_id: string;
  kind: ContentKind;
  body: Record<string, string> | null;
  locale: Locale | null;
  revision_no: number | null;
  picture_id: string | null;
  reference: string;
  wrapped_key: Buffer | null;
  given_by: Buffer | null;
  given_on: string;
  last_day: string | null;
  withdrawn_at: string | null;
  channels: string[];
  translates_no: number | null;
  is_public: boolean;
  published_at: string | null;
};

/** Whether something is public is what the views of content say, at this moment. */
const rowsOf = (kinds: readonly ContentKind[], today: string, now: Date): Promise<Row[]> =>
  db.execute<Row>(sql`
    with newest as (
      (select distinct on (content_id, locale, revision_no) * from approvals where revision_no is not null
        order by content_id, locale, revision_no, recorded_at desc, id desc)
      union all
      (select distinct on (content_id, picture_id) * from approvals where revision_no is null
        order by content_id, picture_id, recorded_at desc, id desc)
    ), shown as (
      select * from content_periods
      where (shown_from is null or shown_from <= ${now.toISOString()}::timestamptz)
        and (shown_to is null or shown_to > ${now.toISOString()}::timestamptz)
        and (not needs_consent or last_day >= ${today}::date)
    )
    select a.id, a.content_id, c.kind, a.locale, a.revision_no, a.picture_id, a.reference, a.wrapped_key, a.given_by,
      a.given_on::text, a.withdrawn_at, a.channels, a.translates_no,
      coalesce((select s.shown_from from shown s where s.content_id = a.content_id and s.locale = a.locale
        and s.revision_no = a.revision_no), t.published_at) as published_at,
      coalesce(a.until, (select last_day from text_consents x
        where x.content_id = a.content_id and x.locale = a.locale and x.revision_no = a.revision_no))::text as last_day,
      (select r.body from content_revisions r where r.content_id = a.content_id
        order by (r.locale = coalesce(a.locale, 'ja')) desc, (r.no = a.revision_no) desc nulls last, r.no desc limit 1) as body,
      case when a.revision_no is not null then exists (
        select from shown s where s.content_id = a.content_id and s.locale = a.locale and s.revision_no = a.revision_no)
      else c.facts ->> 'picture' = a.picture_id::text
        and exists (select from shown s where s.content_id = a.content_id)
        and exists (select from picture_consents p where p.content_id = a.content_id and p.picture_id = a.picture_id
          and p.last_day >= ${today}::date)
      end as is_public
    from newest a
    join content c on c.id = a.content_id
    left join content_texts t on t.content_id = a.content_id and t.locale = a.locale
    where c.kind in (${sql.join(
      kinds.map((kind) => sql`${kind}`),
      sql`, `,
    )})
    order by a.withdrawn_at is not null, last_day nulls last, a.id`);

function consentOf(row: Row, uses: Map<string, RegisteredConsent["uses"]>): RegisteredConsent {
  return {
    ...{ id: row.id, contentId: row.content_id, kind: row.kind, title: firstWordsOfEntry(row.kind, row.body ?? {}) },
    ...{ locale: row.locale, revisionNo: row.revision_no, hasPicture: row.picture_id !== null },
    ...{ reference: row.reference, givenOn: row.given_on, until: row.last_day, channels: row.channels },
    givenBy: giverOf({ id: row.id, wrappedKey: row.wrapped_key, givenBy: row.given_by }),
    withdrawnAt: row.withdrawn_at === null ? null : new Date(row.withdrawn_at),
    isTranslation: row.translates_no !== null,
    isPublic: row.is_public,
    paths: pathsOf(row),
    publishedAt: row.published_at === null ? null : new Date(row.published_at),
    uses: uses.get(row.content_id) ?? [],
  };
}

/** The landing page, and the page with all entries of the kind. */
function pathsOf({ kind, locale }: Row): string[] {
  const list = Object.entries(listPages).find(([, kinds]) => (kinds as readonly ContentKind[]).includes(kind));
  return [pathIn(locale ?? "ja", "/"), ...(list ? [pathIn(locale ?? "ja", `/${list[0]}`)] : [])];
}

async function usesOf(ids: string[]): Promise<Map<string, RegisteredConsent["uses"]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      contentId: publicationUses.contentId,
      place: publicationUses.place,
      usedOn: publicationUses.usedOn,
      by: people.name,
    })
    .from(publicationUses)
    .innerJoin(people, and(eq(people.id, publicationUses.notedBy)))
    .where(inArray(publicationUses.contentId, ids))
    .orderBy(desc(publicationUses.usedOn));
  return Map.groupBy(rows, ({ contentId }) => contentId) as Map<string, RegisteredConsent["uses"]>;
}
