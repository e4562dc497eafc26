/** Recording consent to publication, and taking it back. */

import { and, eq, isNull, sql } from "drizzle-orm";
import { findEntry, findRevision } from "#api/content/entries.ts";
import { settleText } from "#api/content/publish.ts";
import { audit, type Staff } from "#db/actor.ts";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { Invalid, NotFound, Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { approvals } from "#db/schema/approvals.ts";
import { pictureIdIn } from "#db/terms/content-fields.ts";
import type { ApprovalChannel, ContentKind } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";
import { newDataKey, seal } from "#db/vault/vault.ts";
import { approvalWords } from "#db/words/staff/approvals.ts";
import { consentTo } from "./approvals.ts";

/** A revision of an entry, in a language. */
export interface RevisionAt {
  kind: ContentKind;
  contentId: string;
  locale: Locale;
  revisionNo: number;
}

/** A consent as somebody gave it. Days are YYYY-MM-DD in Asia/Tokyo. */
export interface Given {
  /** Where the paper is filed. */
  reference: string;
  givenBy: string;
  givenOn: string;
  /** The last day. */
  until: string;
  channels: readonly ApprovalChannel[];
  /** Whether it names the picture that the entry shows now as well. */
  withPicture?: boolean;
}

/** A consent may be given for so many years at most: whoever said yes then is asked again. */
const mostYears = 10;

/** What is wrong with the last day of a consent that is given today; undefined where nothing is. */
export function faultOfLastDay(until: string, today: string): "over" | "long" | undefined {
  if (until < today) return "over";
  return until > yearsAfter(today, mostYears) ? "long" : undefined;
}

/** What is wrong with the days of a consent on paper, by field. */
function faultsOfDays({ givenOn, until }: Given, now: Date): Record<string, string> {
  const today = dayOf(now);
  const fault = faultOfLastDay(until, today);
  return {
    ...(givenOn > today && { given_on: approvalWords.givenLater }),
    ...(fault === "over" && { until: approvalWords.isOver }),
    ...(fault === "long" && { until: approvalWords.tooLong(mostYears) }),
  };
}

/**
 * Records a consent on paper to one revision and, where it says so, to the picture of the entry. A text that waited for it is
 * public from then on. Throws Forbidden and NotFound as `findEntry`, Invalid by field.
 */
export async function recordOnPaper(staff: Staff, at: RevisionAt, given: Given, now = new Date()): Promise<void> {
  const errors = faultsOfDays(given, now);
  if (Object.keys(errors).length > 0) throw new Invalid(errors);
  await transaction(async (tx) => {
    const entry = await findEntry(tx, staff, at.kind, at.contentId, true);
    if (!(await findRevision(tx, at.contentId, at.locale, at.revisionNo))) throw new NotFound();
    const pictureId = given.withPicture === true ? pictureIdIn(entry.facts) : undefined;
    const id = await writeApproval(tx, at, given, { by: staff, pictureId, now });
    await audit(tx, staff, "record", "approval", id, { entry: at.contentId, locale: at.locale, no: at.revisionNo });
  });
}

/**
 * SQL: this moment, and after every consent to the entry so far. Of two that came at once the one that was written last
 * counts, also where its request was read first.
 */
const recordedAfter = (contentId: string, now: Date) =>
  sql<Date>`greatest(${now.toISOString()}::timestamptz,
    (select max(recorded_at) + interval '1 microsecond' from approvals where content_id = ${contentId}))`;

/** Writes a consent and lets the text that waited for it be shown. The caller has locked the entry. Returns its id. */
export async function writeApproval(
  tx: Transaction,
  { contentId, locale, revisionNo }: Omit<RevisionAt, "kind">,
  { reference, givenBy, givenOn, until, channels }: Given,
  { by, pictureId, now }: { by: Staff | null; pictureId: string | undefined; now: Date },
): Promise<string> {
  const id = newId(now.getTime());
  const { key, wrapped } = newDataKey("approvals.wrapped_key", id);
  await tx.insert(approvals).values({
    ...{ id, contentId, locale, revisionNo, pictureId: pictureId ?? null, reference, givenOn, until },
    ...{ channels: [...channels], wrappedKey: wrapped, givenBy: seal(key, givenBy, "approvals.given_by", id) },
    ...{ recordedBy: by?.id ?? null, recordedAt: recordedAfter(contentId, now) },
  });
  await settleText(tx, contentId, locale, now);
  return id;
}

/**
 * The tick 「承諾された文の訳です」: the translation shares the consent to the text in `source`, and holds as long as that one. Throws
 * Refused where that text has no consent of its own that holds.
 */
export async function recordTranslation(
  staff: Staff,
  at: RevisionAt,
  source: { locale: Locale; revisionNo: number },
  now = new Date(),
): Promise<void> {
  await transaction(async (tx) => {
    await findEntry(tx, staff, at.kind, at.contentId, true);
    if (!(await findRevision(tx, at.contentId, at.locale, at.revisionNo))) throw new NotFound();
    const given = await consentTo(tx, { contentId: at.contentId, ...source });
    if (source.locale === at.locale || !given?.until || given.until < dayOf(now) || given.withdrawnAt)
      throw new Refused(approvalWords.noSource);
    const id = newId(now.getTime());
    await tx.insert(approvals).values({
      ...{ id, contentId: at.contentId, locale: at.locale, revisionNo: at.revisionNo, reference: given.reference },
      ...{ givenOn: dayOf(now), until: null, channels: given.channels },
      ...{ translatesLocale: source.locale, translatesNo: source.revisionNo },
      ...{ recordedBy: staff.id, recordedAt: recordedAfter(at.contentId, now) },
    });
    await settleText(tx, at.contentId, at.locale, now);
    await audit(tx, staff, "record", "approval", id, { entry: at.contentId, locale: at.locale, no: at.revisionNo });
  });
}

/**
 * The family takes its consent back: every consent to the entry, its texts and its picture ends, and pages lose it at once. Throws
 * Refused where there is none left.
 */
export async function withdrawConsent(
  staff: Staff,
  kind: ContentKind,
  contentId: string,
  now = new Date(),
): Promise<void> {
  await transaction(async (tx) => {
    await findEntry(tx, staff, kind, contentId, true);
    const taken = await tx
      .update(approvals)
      .set({ withdrawnAt: now })
      .where(and(eq(approvals.contentId, contentId), isNull(approvals.withdrawnAt)))
      .returning({ id: approvals.id });
    if (taken.length === 0) throw new Refused(approvalWords.noneLeft);
    await audit(tx, staff, "withdraw", "approval", contentId, { consents: taken.length });
  });
}

/** A day some years later: 2027-11-28 for one year after 2026-11-28, and the day before where there is none (29 February). */
export function yearsAfter(day: string, years: number): string {
  const later = `${Number(day.slice(0, 4)) + years}${day.slice(4)}`;
  return later.endsWith("-02-29") && new Date(`${later}T00:00:00Z`).getUTCDate() !== 29
    ? dayAfter(`${later.slice(0, 4)}-03-01`, -1)
    : later;
}
