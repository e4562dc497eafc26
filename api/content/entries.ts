/** The entries as staff see them: each with its languages, their newest revisions and what of them is public. */

import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { allow, type Staff } from "#db/actor.ts";
import { db, type Executor } from "#db/client.ts";
import { firstOrNotFound, NotFound } from "#db/errors.ts";
import { inOrder, isOverSample } from "#db/published/texts.ts";
import { isId } from "#db/random/ids.ts";
import { content, contentPeriods, contentRevisions, contentTexts } from "#db/schema/content.ts";
import { staff as people } from "#db/schema/staff.ts";
import { codes } from "#db/terms/codes.ts";
import { contentKeepers, contentKind, type ContentKind, needsConsent, type RevisionOrigin } from "#db/terms/content.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { isSameBody, stateOfText, type EntryTextState } from "./states.ts";

export type EntryRow = typeof content.$inferSelect;

/** A text as it was saved. */
export interface Revision {
  no: number;
  body: Record<string, string>;
  /** Name of who wrote it; null where it came with the product or a file. */
  by: string | null;
  at: Date;
  origin: RevisionOrigin;
}

/** One language of an entry. */
export interface EntryText {
  locale: Locale;
  /** The newest revision; undefined where nothing was written. */
  draft: Revision | undefined;
  /** Version of the row that says what is public; 0 before the first. */
  version: number;
  publishedNo: number | undefined;
  scheduledNo: number | undefined;
  publishAt: Date | undefined;
  withdrawnAt: Date | undefined;
  /** Number of the Japanese revision that this translation agrees with. */
  madeFrom: number | undefined;
  /** What that revision says. */
  madeFromBody: Record<string, string> | undefined;
  state: EntryTextState;
}

export interface Entry extends EntryRow {
  texts: Record<Locale, EntryText>;
  /** What of the Japanese is public now: what translations are compared with. */
  japanese: { no: number; body: Record<string, string> } | undefined;
}

/** The kind and the language with these codes, as addresses have them. Throw NotFound for any other. */
export const kindOf = (code: string | undefined): ContentKind =>
  firstOrNotFound(codes(contentKind).filter((kind) => kind === code));
export const localeOf = (code: string | undefined): Locale =>
  firstOrNotFound(codes(locales).filter((locale) => locale === code));

/**
 * The row of an entry; with `lock` it is locked until the transaction ends, so that verbs on one entry follow each other.
 * Throws Forbidden for a role that does not keep the kind, NotFound for an entry that is not of this kind.
 */
export async function findEntry(
  tx: Executor,
  staff: Staff,
  kind: ContentKind,
  id: string,
  lock = false,
): Promise<EntryRow> {
  allow(staff, ...contentKeepers[kind]);
  if (!isId(id)) throw new NotFound();
  const query = tx
    .select()
    .from(content)
    .where(and(eq(content.kind, kind), eq(content.id, id)));
  return firstOrNotFound(await (lock ? query.for("update") : query));
}

/** The entries of a kind in the order of the site, those that were put away as well. Throws Forbidden as `findEntry`. */
export async function listEntries(staff: Staff, kind: ContentKind, now = new Date()): Promise<Entry[]> {
  allow(staff, ...contentKeepers[kind]);
  const rows = await db
    .select()
    .from(content)
    .where(eq(content.kind, kind))
    .orderBy(asc(content.position), asc(content.id));
  return withTexts(db, inOrder(kind, rows), now);
}

/** An entry with all its languages. Throws as `findEntry`. */
export async function readEntry(staff: Staff, kind: ContentKind, id: string, now = new Date()): Promise<Entry> {
  const row = await findEntry(db, staff, kind, id);
  return entryWithTexts(db, row, now);
}

/** What a preview shows: the newest revision of a language. Throws as `findEntry`, and NotFound where nothing was written. */
export async function readDraft(staff: Staff, kind: ContentKind, id: string, locale: Locale) {
  const entry = await readEntry(staff, kind, id);
  const { draft } = entry.texts[locale];
  if (draft === undefined) throw new NotFound();
  return { entry, draft };
}

/** The languages of a row that `findEntry` returned, as the transaction sees them. */
export const entryWithTexts = async (tx: Executor, row: EntryRow, now: Date): Promise<Entry> =>
  firstOrNotFound(await withTexts(tx, [row], now));

/** The revisions of a language, the newest first; at most 100. Throws as `findEntry`. */
export async function revisionsOf(staff: Staff, kind: ContentKind, id: string, locale: Locale): Promise<Revision[]> {
  await findEntry(db, staff, kind, id);
  const rows = await revisionColumns()
    .where(and(eq(contentRevisions.contentId, id), eq(contentRevisions.locale, locale)))
    .orderBy(desc(contentRevisions.no))
    .limit(100);
  return rows.map(revisionOf);
}

/** One revision; undefined for one that does not exist. The caller has asked `findEntry`. */
export async function findRevision(
  tx: Executor,
  contentId: string,
  locale: Locale,
  no: number,
): Promise<Revision | undefined> {
  const [row] = await revisionColumns(tx).where(
    and(eq(contentRevisions.contentId, contentId), eq(contentRevisions.locale, locale), eq(contentRevisions.no, no)),
  );
  return row && revisionOf(row);
}

/** The newest revision of a language. The caller has asked `findEntry`. */
export async function newestRevision(tx: Executor, contentId: string, locale: Locale): Promise<Revision | undefined> {
  const [row] = await revisionColumns(tx)
    .where(and(eq(contentRevisions.contentId, contentId), eq(contentRevisions.locale, locale)))
    .orderBy(desc(contentRevisions.no))
    .limit(1);
  return row && revisionOf(row);
}

const revisionColumns = (tx: Executor = db) =>
  tx
    .select({
      contentId: contentRevisions.contentId,
      locale: contentRevisions.locale,
      no: contentRevisions.no,
      body: contentRevisions.body,
      at: contentRevisions.writtenAt,
      origin: contentRevisions.origin,
      by: people.name,
    })
    .from(contentRevisions)
    .leftJoin(people, eq(people.id, contentRevisions.writtenBy));

type RevisionRow = Awaited<ReturnType<typeof revisionColumns>>[number];

const revisionOf = ({ no, body, by, at, origin }: RevisionRow): Revision => ({ no, body, by, at, origin });

/** Adds the languages to rows of entries. */
async function withTexts(tx: Executor, rows: readonly EntryRow[], now: Date): Promise<Entry[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const texts = await tx.select().from(contentTexts).where(inArray(contentTexts.contentId, ids));
  const periods = await tx.select().from(contentPeriods).where(inArray(contentPeriods.contentId, ids));
  // Of each text the newest revision, and those that something points to.
  const named = await revisionColumns(tx).where(
    and(
      inArray(contentRevisions.contentId, ids),
      sql`(${contentRevisions.no} = (
          select max(n.no) from content_revisions n
          where n.content_id = ${contentRevisions.contentId} and n.locale = ${contentRevisions.locale})
        or exists (
          select from content_texts t where t.content_id = ${contentRevisions.contentId}
          and (t.locale = ${contentRevisions.locale} and ${contentRevisions.no} in (t.published_no, t.scheduled_no)
            or ${contentRevisions.locale} = 'ja' and ${contentRevisions.no} = t.made_from)))`,
    ),
  );
  const textsBy = Map.groupBy(texts, ({ contentId }) => contentId);
  const periodsBy = Map.groupBy(periods, ({ contentId }) => contentId);
  const revisionsBy = Map.groupBy(named, ({ contentId }) => contentId);
  return rows.map((row) =>
    entryOf(
      row,
      {
        texts: textsBy.get(row.id) ?? [],
        periods: periodsBy.get(row.id) ?? [],
        revisions: revisionsBy.get(row.id) ?? [],
      },
      now,
    ),
  );
}

interface Parts {
  texts: (typeof contentTexts.$inferSelect)[];
  periods: (typeof contentPeriods.$inferSelect)[];
  revisions: RevisionRow[];
}

function entryOf(row: EntryRow, { texts, periods, revisions }: Parts, now: Date): Entry {
  const inLocale = <T extends { locale: Locale }>(list: T[], locale: Locale) =>
    list.filter((one) => one.locale === locale);
  const find = (locale: Locale, no: number | null | undefined) =>
    revisions.find((one) => one.locale === locale && one.no === no);
  const isHidden = (locale: Locale) => (no: number) => {
    const revision = find(locale, no);
    return revision !== undefined && isOverSample(revision);
  };
  const stateIn = (locale: Locale) => {
    const draft = inLocale(revisions, locale).toSorted((a, b) => b.no - a.no)[0];
    const [text] = inLocale(texts, locale);
    const known = {
      ...{ draftNo: draft?.no ?? 0, row: text, periods: inLocale(periods, locale) },
      ...{ needsConsent: needsConsent(row.kind), isHidden: isHidden(locale) },
    };
    return { draft, text, state: stateOfText(known, now) };
  };
  const { shownNo } = stateIn("ja").state;
  const shown = find("ja", shownNo);
  const japanese = shown && { no: shown.no, body: shown.body };
  const textIn = (locale: Locale): EntryText => {
    const { draft, text, state } = stateIn(locale);
    const agreed = find("ja", text?.madeFrom);
    return {
      locale,
      draft: draft && revisionOf(draft),
      version: text?.version ?? 0,
      publishedNo: text?.publishedNo ?? undefined,
      scheduledNo: text?.scheduledNo ?? undefined,
      publishAt: text?.publishAt ?? undefined,
      withdrawnAt: text?.withdrawnAt ?? undefined,
      madeFrom: text?.madeFrom ?? undefined,
      madeFromBody: agreed?.body,
      state: { ...state, isStale: draft !== undefined && isBehind(locale, agreed, japanese) },
    };
  };
  return {
    ...row,
    japanese,
    texts: Object.fromEntries(codes(locales).map((one) => [one, textIn(one)])) as Entry["texts"],
  };
}

/**
 * Whether the Japanese that is public says something else than the one the translation agrees with. A translation of a
 * Japanese text that is not public yet is ahead of it, not behind.
 */
function isBehind(locale: Locale, agreed: RevisionRow | undefined, japanese: Entry["japanese"]): boolean {
  if (locale === "ja" || agreed === undefined || japanese === undefined) return false;
  return agreed.no < japanese.no && !isSameBody(agreed.body, japanese.body);
}
