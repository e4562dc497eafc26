/**
 * Saving what a form of an entry showed: only the languages and facts whose words differ from what it showed. Each
 * language has revisions of its own, so saving one never writes another.
 */

import { and, desc, eq, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { formatDateTime } from "#db/calendar/days.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { Invalid, NotFound, Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { content, contentLists, contentRevisions, contentTexts } from "#db/schema/content.ts";
import { auditEvents, staff as people } from "#db/schema/staff.ts";
import { codes } from "#db/terms/codes.ts";
import { fieldsOf } from "#db/terms/content-fields.ts";
import { contentKeepers, type ContentKind, isWithPdf } from "#db/terms/content.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { conflictParts, contentWords, languageName } from "#db/words/staff/content.ts";
import { type EntryRow, findEntry, findRevision, newestRevision, type Revision } from "./entries.ts";
import { type EntryInput, typedFacts, type TypedText, type Values } from "./forms.ts";
import { type Publication, publishNewest, refuseOtherVersion, type TextAt } from "./publish.ts";
import { isSameBody, isSameWording } from "./states.ts";

export interface Saved {
  id: string;
  /** Languages of which a new revision was written. */
  locales: Locale[];
  /** Whether facts were written. */
  facts: boolean;
  /** What became of the language that was to be published. */
  published?: Publication;
}

/**
 * Adds an entry to its list with the languages that were written. Throws Forbidden for a role that does not keep the
 * kind, Invalid where nothing was written or where a language that is to be published lacks something.
 */
export async function createEntry(
  staff: Staff,
  kind: ContentKind,
  input: EntryInput,
  now = new Date(),
): Promise<Saved> {
  allow(staff, ...contentKeepers[kind]);
  if (kind === "guide") throw new Refused(contentWords.guideElsewhere);
  const bodies = Object.values(input.texts).map(({ body }) => body);
  if (bodies.every((body) => isSameBody(body, {}))) throw new Invalid({ form: contentWords.empty });
  return transaction(async (tx) => {
    await bumpList(tx, kind);
    const id = newId(now.getTime());
    const facts = Object.fromEntries(fieldsOf(kind).facts.map(({ name }) => [name, input.facts.typed[name] ?? ""]));
    const position = sql<number>`(select coalesce(max(position), 0) + 1 from content where kind = ${kind})`;
    // The name in addresses and files; the random end of the id, since a title may change.
    const slug = id.slice(-12);
    const [entry] = await tx
      .insert(content)
      .values({ id, kind, slug, position, facts, createdBy: staff.id, createdAt: now })
      .returning();
    if (!entry) throw new Error("the entry was not written");
    await audit(tx, staff, "create", "content", id, { kind });
    const written = await writeTexts(tx, staff, entry, input, now);
    return { id, locales: written, facts: true, ...(await publishPressed(tx, staff, entry, input, now)) };
  });
}

/** Counts a change of a list, and keeps others from changing it until the transaction ends. Returns the new version. */
export async function bumpList(tx: Transaction, kind: ContentKind): Promise<number> {
  const [list] = await tx
    .insert(contentLists)
    .values({ kind, version: 1 })
    .onConflictDoUpdate({ target: contentLists.kind, set: { version: sql`${contentLists.version} + 1` } })
    .returning({ version: contentLists.version });
  return list?.version ?? 0;
}

/**
 * Saves an entry. Throws Refused, with who and when, where somebody else saved the same language or fact meanwhile, and
 * Invalid where a language that is to be published lacks something; then nothing is written.
 */
export async function saveEntry(
  staff: Staff,
  kind: ContentKind,
  id: string,
  given: EntryInput,
  now = new Date(),
): Promise<Saved> {
  const input = kind === "guide" ? withoutJapanese(given) : given;
  return transaction(async (tx) => {
    const entry = await findEntry(tx, staff, kind, id, true);
    await refuseConflicts(tx, entry, input);
    const facts = await writeFacts(tx, staff, entry, input);
    const written = await writeTexts(tx, staff, entry, input, now);
    return { id, locales: written, facts, ...(await publishPressed(tx, staff, entry, input, now)) };
  });
}

/** The Japanese of a guide is written where its file is (api/guides), and copied from there (guide-entry.ts). */
function withoutJapanese(input: EntryInput): EntryInput {
  const { ja: _ofTheGuide, ...texts } = input.texts;
  return { ...input, texts: texts as EntryInput["texts"] };
}

/** The button 「保存して出す」 of a language: its newest revision is now the one that was typed. */
async function publishPressed(
  tx: Transaction,
  staff: Staff,
  entry: EntryRow,
  { pressed, texts }: EntryInput,
  now: Date,
): Promise<Pick<Saved, "published">> {
  const typed = pressed && texts[pressed.locale];
  if (pressed?.act !== "publish" || typed === undefined) return {};
  const at = { staff, kind: entry.kind, id: entry.id, locale: pressed.locale };
  await refuseOtherVersion(tx, at, typed.version);
  return { published: await publishNewest(tx, at, now) };
}

/** What of a language has to be written: nothing where its words are as the form showed them, or as they are by now. */
async function isChanged(tx: Transaction, entry: EntryRow, locale: Locale, typed: TypedText, newest?: Revision) {
  const shown = await findRevision(tx, entry.id, locale, typed.base);
  return !isSameBody(typed.body, shown?.body ?? {}) && !isSameBody(typed.body, newest?.body ?? {});
}

async function writeTexts(tx: Transaction, staff: Staff, entry: EntryRow, { texts }: EntryInput, now: Date) {
  const written: Locale[] = [];
  // Japanese first: a translation in the same form agrees with the Japanese beside it.
  let japanese = texts.ja?.base ?? 0;
  for (const locale of codes(locales)) {
    const typed = texts[locale];
    if (typed === undefined) continue;
    const newest = await newestRevision(tx, entry.id, locale);
    if (await isChanged(tx, entry, locale, typed, newest)) {
      const no = await writeRevision(tx, staff, { entry, locale, body: typed.body, now });
      if (locale === "ja") japanese = no;
      written.push(locale);
    }
    const isFirst = newest === undefined && written.includes(locale);
    if (locale !== "ja" && japanese > 0 && (isFirst || typed.agrees))
      await tx
        .update(contentTexts)
        .set({ madeFrom: japanese })
        .where(and(eq(contentTexts.contentId, entry.id), eq(contentTexts.locale, locale)));
  }
  return written;
}

interface NewRevision {
  entry: EntryRow;
  locale: Locale;
  body: Values;
  now: Date;
  origin?: Revision["origin"];
  action?: "save" | "restore";
}

/** Adds the next revision of a language, which is its draft. Publishes nothing. Returns its number. */
async function writeRevision(tx: Transaction, staff: Staff, revision: NewRevision): Promise<number> {
  const { entry, locale, body, now, origin = "staff", action = "save" } = revision;
  const [row] = await tx
    .insert(contentRevisions)
    .values({
      ...{ contentId: entry.id, locale, body, writtenBy: staff.id, writtenAt: now, origin },
      no: sql<number>`(select coalesce(max(no), 0) + 1 from content_revisions
        where content_id = ${entry.id} and locale = ${locale})`,
    })
    .returning({ no: contentRevisions.no });
  const no = row?.no ?? 0;
  await tx.insert(contentTexts).values({ contentId: entry.id, locale }).onConflictDoNothing();
  await audit(tx, staff, action, "content", entry.id, { kind: entry.kind, locale, no });
  return no;
}

/**
 * An earlier revision again, as a new draft in the same language; it is not published by this. Throws Refused where
 * somebody saved meanwhile, where the draft says the same, and for the Japanese of a guide.
 */
export async function restoreRevision(
  { staff, kind, id, locale }: TextAt,
  { no, base }: { no: number; base: number },
  now = new Date(),
): Promise<void> {
  await transaction(async (tx) => {
    const entry = await findEntry(tx, staff, kind, id, true);
    if (isWithPdf(kind, locale)) throw new Refused(contentWords.guideItself);
    const earlier = await findRevision(tx, id, locale, no);
    const newest = await newestRevision(tx, id, locale);
    if (earlier === undefined || newest === undefined) throw new NotFound();
    if (newest.no !== base) throw new Refused(contentWords.changedMeanwhile(languageName[locale]));
    if (isSameBody(earlier.body, newest.body)) throw new Refused(contentWords.sameText);
    const { body, origin } = earlier;
    // What was invented for the sample stays so.
    const kept = origin === "sample" ? origin : "staff";
    await writeRevision(tx, staff, { entry, locale, body, now, origin: kept, action: "restore" });
  });
}

/** Facts that differ from what the form showed; the others stay, whoever changed them meanwhile. */
const changedFacts = ({ kind, facts: current }: EntryRow, { facts: { typed, shown } }: EntryInput): string[] =>
  typedFacts(kind)
    .map(({ name }) => name)
    .filter((name) => Object.hasOwn(typed, name) && !isSameWording(typed[name], shown[name]))
    .filter((name) => !isSameWording(typed[name], current[name]));

async function writeFacts(tx: Transaction, staff: Staff, entry: EntryRow, input: EntryInput): Promise<boolean> {
  const names = changedFacts(entry, input);
  if (names.length === 0) return false;
  const changed = Object.fromEntries(names.map((name) => [name, input.facts.typed[name] ?? ""]));
  await tx
    .update(content)
    .set({ facts: { ...entry.facts, ...changed }, factsVersion: sql`${content.factsVersion} + 1` })
    .where(eq(content.id, entry.id));
  await audit(tx, staff, "save_facts", "content", entry.id, { kind: entry.kind, fields: names.join() });
  return true;
}

/** Throws Refused where a language or fact was changed by somebody else since the form was shown, and by this form too. */
async function refuseConflicts(tx: Transaction, entry: EntryRow, input: EntryInput): Promise<void> {
  const { facts, texts } = input;
  const lost: { locale: Locale; newest: Revision }[] = [];
  for (const locale of codes(locales)) {
    const typed = texts[locale];
    const newest = typed && (await newestRevision(tx, entry.id, locale));
    if (typed === undefined || newest === undefined || newest.no === typed.base) continue;
    // Nobody publishes words that they have not seen.
    const isPressed = input.pressed?.act === "publish" && input.pressed.locale === locale;
    const isUnseen = isPressed && !isSameBody(typed.body, newest.body);
    if (isUnseen || (await isChanged(tx, entry, locale, typed, newest))) lost.push({ locale, newest });
  }
  const lostFacts = changedFacts(entry, input).filter((name) => !isSameWording(entry.facts[name], facts.shown[name]));
  if (lost.length === 0 && lostFacts.length === 0) return;
  const last = lost[0]?.newest ?? (await lastChangeOfFacts(tx, entry));
  const labels = typedFacts(entry.kind).flatMap(({ name, label }) => (lostFacts.includes(name) ? [label] : []));
  const what = conflictParts(
    lost.map(({ locale }) => locale),
    labels,
  );
  const who = last?.by ? contentWords.person(last.by) : contentWords.nobody;
  throw new Refused(contentWords.conflict(who, formatDateTime(last?.at ?? new Date()), what));
}

/** Who changed the facts last, and when; undefined where nobody has since the entry was made. */
export async function lastChangeOfFacts(
  tx: Pick<Transaction, "select">,
  { id }: Pick<EntryRow, "id">,
): Promise<{ by: string | null; at: Date } | undefined> {
  const [event] = await tx
    .select({ by: people.name, at: auditEvents.at })
    .from(auditEvents)
    .leftJoin(people, eq(people.id, auditEvents.staffId))
    .where(and(eq(auditEvents.nounId, id), eq(auditEvents.noun, "content"), eq(auditEvents.action, "save_facts")))
    .orderBy(desc(auditEvents.id))
    .limit(1);
  return event;
}
