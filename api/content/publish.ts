/** What of a text is public, and when: each verb is one transaction on one language of one entry, and touches no other. */

import { and, eq, sql } from "drizzle-orm";
import { audit, type Staff } from "#db/actor.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { Invalid, Refused } from "#db/errors.ts";
import { isOverSample } from "#db/published/texts.ts";
import { contentTexts, pictures } from "#db/schema/content.ts";
import type { AuditAction } from "#db/terms/audit.ts";
import { fieldsOf, pictureIdIn } from "#db/terms/content-fields.ts";
import { type ContentKind, isWithPdf, needsConsent } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";
import { contentWords, languageName } from "#db/words/staff/content.ts";
import { entryWithTexts, type EntryRow, findEntry, newestRevision, type Revision } from "./entries.ts";

/** Who does something with which language of which entry. */
export interface TextAt {
  staff: Staff;
  kind: ContentKind;
  id: string;
  locale: Locale;
}

/** "scheduled": it appears at its moment. "waits": it needs a consent, and appears once that is recorded. */
export type Publication = "published" | "scheduled" | "waits";

/**
 * Moves a scheduled revision that is shown by now into `published_no`, as the view content_periods already has it; before
 * any other change of the row, which would otherwise forget it. Changes nothing that anybody sees.
 */
export async function settleText(tx: Transaction, contentId: string, locale: Locale, now: Date): Promise<void> {
  await tx.execute(sql`
    update content_texts t
    set published_no = t.scheduled_no, published_at = t.publish_at, scheduled_no = null, publish_at = null
    where t.content_id = ${contentId} and t.locale = ${locale} and exists (
      select from content_periods p
      where p.content_id = t.content_id and p.locale = t.locale and p.revision_no = t.scheduled_no
        and p.shown_from <= ${now.toISOString()}::timestamptz
    )`);
}

/**
 * Publishes the newest revision `no`, or at a moment to come. Where a consent is needed, not before one to exactly this
 * revision is recorded; what was public until then stays. Throws Invalid, by field, where this language lacks something
 * or the moment has passed; Refused where somebody wrote or published meanwhile, and for texts of the sample.
 */
export async function publishText(
  at: TextAt,
  { no, version, publishAt }: { no: number; version: number; publishAt?: Date },
  now = new Date(),
): Promise<Publication> {
  if (publishAt && publishAt <= now) throw new Invalid({ at: contentWords.past });
  return transaction(async (tx) => {
    await findEntry(tx, at.staff, at.kind, at.id, true);
    const newest = await newestRevision(tx, at.id, at.locale);
    if (newest?.no !== no) throw new Refused(contentWords.changedMeanwhile(languageName[at.locale]));
    await refuseOtherVersion(tx, at, version);
    return publishNewest(tx, at, now, publishAt);
  });
}

/** Publishes the newest revision of a language. The caller has locked the entry and compared versions. Throws as `publishText`. */
export async function publishNewest(
  tx: Transaction,
  at: TextAt,
  now: Date,
  publishAt: Date = now,
): Promise<Publication> {
  const entry = await findEntry(tx, at.staff, at.kind, at.id);
  const newest = await newestRevision(tx, at.id, at.locale);
  await refuseUnready(tx, entry, at.locale, newest);
  await settleText(tx, at.id, at.locale, now);
  const row = await rowOf(tx, at);
  const no = newest?.no ?? 0;
  // What was withdrawn does not come back while its successor waits.
  const former = row?.withdrawnAt === null ? {} : { publishedNo: null, withdrawnAt: null };
  const isLater = publishAt > now;
  if (isLater || needsConsent(at.kind)) {
    await setRow(tx, at, { ...former, scheduledNo: no, publishAt });
    // A consent to this revision may be there already.
    await settleText(tx, at.id, at.locale, now);
  } else
    await setRow(tx, at, { withdrawnAt: null, publishedNo: no, publishedAt: now, scheduledNo: null, publishAt: null });
  await trace(tx, at, isLater ? "schedule" : "publish", no);
  const { shownNo, next } = (await entryWithTexts(tx, entry, now)).texts[at.locale].state;
  return shownNo === no ? "published" : next?.no === no ? "scheduled" : "waits";
}

/** What was to be published later, or waits for a consent, stays a draft; what is public stays. */
export async function cancelSchedule(at: TextAt, version: number, now = new Date()): Promise<void> {
  await changeText(at, version, now, async (tx, row) => {
    if (row.scheduledNo === null) throw new Refused(contentWords.notScheduled);
    await setRow(tx, at, { scheduledNo: null, publishAt: null });
    await trace(tx, at, "cancel_schedule", row.scheduledNo);
  });
}

/**
 * Takes a language off the site, and what was to follow it. Its revisions stay; publishing again brings it back. Throws
 * Refused for what is not public, and for the Japanese of a guide.
 */
export async function withdrawText(at: TextAt, version: number, now = new Date()): Promise<void> {
  if (isWithPdf(at.kind, at.locale)) throw new Refused(contentWords.guideItself);
  await changeText(at, version, now, async (tx, row) => {
    if (row.publishedNo === null || row.withdrawnAt !== null)
      throw new Refused(contentWords.notShown(languageName[at.locale]));
    await setRow(tx, at, { withdrawnAt: now, scheduledNo: null, publishAt: null });
    await trace(tx, at, "withdraw", row.publishedNo);
  });
}

/**
 * 「このままでよい」: the translation agrees with the Japanese revision `no`, which the form showed as public. Throws
 * Refused where the Japanese changed again, and where nothing is to be decided.
 */
export async function keepTranslation(
  at: TextAt,
  { no, version }: { no: number; version: number },
  now = new Date(),
): Promise<void> {
  await changeText(at, version, now, async (tx) => {
    const { japanese, texts } = await entryWithTexts(tx, await findEntry(tx, at.staff, at.kind, at.id), now);
    if (at.locale === "ja" || !texts[at.locale].state.isStale) throw new Refused(contentWords.notBehind);
    if (japanese?.no !== no) throw new Refused(contentWords.japaneseChanged);
    await setRow(tx, at, { madeFrom: no });
    await trace(tx, at, "keep", no);
  });
}

type TextRow = typeof contentTexts.$inferSelect;

/** One change of a language at a time: locked, settled and compared with what the form had shown. */
async function changeText(
  at: TextAt,
  version: number,
  now: Date,
  change: (tx: Transaction, row: TextRow) => Promise<void>,
): Promise<void> {
  await transaction(async (tx) => {
    await findEntry(tx, at.staff, at.kind, at.id, true);
    await settleText(tx, at.id, at.locale, now);
    const row = await rowOf(tx, at);
    if (row === undefined) throw new Refused(contentWords.nothingThere(languageName[at.locale]));
    await refuseOtherVersion(tx, at, version);
    await change(tx, row);
  });
}

const isText = ({ id, locale }: TextAt) => and(eq(contentTexts.contentId, id), eq(contentTexts.locale, locale));

async function rowOf(tx: Transaction, at: TextAt): Promise<TextRow | undefined> {
  const [row] = await tx.select().from(contentTexts).where(isText(at));
  return row;
}

async function setRow(tx: Transaction, at: TextAt, values: Partial<TextRow>): Promise<void> {
  await tx
    .update(contentTexts)
    .set({ ...values, version: sql`${contentTexts.version} + 1` })
    .where(isText(at));
}

const trace = (tx: Transaction, at: TextAt, action: AuditAction<"content">, no: number) =>
  audit(tx, at.staff, action, "content", at.id, { kind: at.kind, locale: at.locale, no });

/** Throws Refused where what is public of a language was changed since the form was shown; `version` is 0 where nothing was written then. */
export async function refuseOtherVersion(tx: Transaction, at: TextAt, version: number): Promise<void> {
  const row = await rowOf(tx, at);
  // The first save adds the row, with version 1, and publishes nothing.
  if (row !== undefined && row.version !== Math.max(version, 1))
    throw new Refused(contentWords.changedMeanwhile(languageName[at.locale]));
}

/** Throws where a language cannot be published as it is; the other languages are not looked at. */
async function refuseUnready(tx: Transaction, entry: EntryRow, locale: Locale, newest: Revision | undefined) {
  if (entry.archivedAt !== null) throw new Refused(contentWords.isPutAway);
  if (newest === undefined) throw new Refused(contentWords.nothingThere(languageName[locale]));
  const { facts, body } = fieldsOf(entry.kind);
  const isMissing = (value = "") => value.trim() === "";
  const errors = Object.fromEntries([
    ...facts
      .filter(({ name, required }) => required && isMissing(entry.facts[name]))
      .map(({ name, label }) => [`facts.${name}`, contentWords.missingFact(label)]),
    ...body
      .filter(({ name, required }) => required && isMissing(newest.body[name]))
      .map(({ name, label }) => [`${locale}.${name}`, contentWords.missing(languageName[locale], label)]),
    ...((await lacksAlt(tx, entry, locale)) ? [["facts.picture", contentWords.noAlt(languageName[locale])]] : []),
  ]) as Record<string, string>;
  if (Object.keys(errors).length > 0) throw new Invalid(errors);
  if (isOverSample(newest)) throw new Refused(contentWords.sampleText);
}

/** Whether its photograph has no words in this language for those who do not see it. */
async function lacksAlt(tx: Transaction, { facts }: EntryRow, locale: Locale): Promise<boolean> {
  const id = pictureIdIn(facts);
  if (id === undefined) return false;
  const [picture] = await tx.select({ alt: pictures.alt }).from(pictures).where(eq(pictures.id, id));
  return picture !== undefined && (picture.alt[locale] ?? "").trim() === "";
}
