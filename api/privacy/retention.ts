/** Retention: deletes what is stored for a limited time. Run by api/jobs.ts. */

import { and, eq, gt, isNotNull, isNull, lt, not, notExists, or, sql } from "drizzle-orm";
import { deleteOldUploads } from "#analytics/imports/uploads.ts";
import { keptForDays } from "#api/drafts/drafts.ts";
import { forgetShownCodes } from "#api/intake/receipt-codes.ts";
import { isOwed } from "#api/promises/promises.ts";
import { forgottenAfter, knownForDays } from "#api/sign-in/attempts.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { log } from "#db/log.ts";
import { rewriteSealedTables } from "#db/rewrite-tables.ts";
import { absences } from "#db/schema/absences.ts";
import { approvals, previewLinks } from "#db/schema/approvals.ts";
import { clicks } from "#db/schema/attribution.ts";
import { cases, closures } from "#db/schema/cases.ts";
import { drafts, formKeys } from "#db/schema/drafts.ts";
import { erasures } from "#db/schema/erasures.ts";
import { downloadGrants } from "#db/schema/guides.ts";
import { visits } from "#db/schema/landings.ts";
import { leads } from "#db/schema/leads.ts";
import { mailCounts } from "#db/schema/mail.ts";
import { staffNotices } from "#db/schema/notices.ts";
import { rateWindows } from "#db/schema/rate-limits.ts";
import {
  signInAttempts,
  staffNetworks,
  staffRateLimits,
  staffRefusals,
  staffSessions,
  staffVerifications,
} from "#db/schema/staff.ts";
import { settings } from "#db/settings/settings.ts";
import { eraseReader } from "#emails/lists/erase.ts";
import { eraseCase, eraseRequest } from "./erase.ts";
import { forgottenReaders } from "./readers.ts";

/**
 * Deletes counters and visits older than a day (of sign-in attempts: an hour), pages that a browser fetched ahead and nobody
 * looked at within a day, exports of cost that nobody imported within a day, sessions and codes past their end,
 * receipt codes nobody wrote down in time; after 30 days drafts, the keys of staff forms, the networks staff signed in
 * from, the counts of what was refused to them and links to drafts of entries that nobody answered; after a year what somebody wanted changed in such a draft; after 90 days absences that are over and notices that were sent.
 * Returns how many of each.
 */
export async function deleteExpired(now: Date): Promise<Record<string, number>> {
  await forgetShownCodes(now);
  const yesterday = now.getTime() - 86_400_000;
  const monthAgo = new Date(now.getTime() - knownForDays * 86_400_000);
  const quarterAgo = new Date(now.getTime() - 90 * 86_400_000);
  const draftsUntil = new Date(now.getTime() - keptForDays * 86_400_000);
  const moment = sql`${now.toISOString()}::timestamptz`;
  const gone = {
    visits: db.delete(visits).where(lt(visits.lastAt, new Date(yesterday))),
    // A request that came while the database was slow may belong to the copy itself.
    prefetched_pages: db
      .delete(clicks)
      .where(
        and(
          clicks.prefetched,
          lt(clicks.landedAt, new Date(yesterday)),
          notExists(db.select({ id: leads.id }).from(leads).where(eq(leads.clickId, clicks.id))),
        ),
      ),
    rate_windows: db.delete(rateWindows).where(lt(rateWindows.minute, Math.floor(yesterday / 60_000))),
    mail_counts: db.delete(mailCounts).where(lt(mailCounts.countedAt, new Date(yesterday))),
    staff_sessions: db.delete(staffSessions).where(lt(staffSessions.expiresAt, moment)),
    staff_verifications: db.delete(staffVerifications).where(lt(staffVerifications.expiresAt, moment)),
    staff_rate_limits: db.delete(staffRateLimits).where(lt(staffRateLimits.lastRequest, yesterday)),
    sign_in_attempts: db
      .delete(signInAttempts)
      .where(lt(signInAttempts.attemptedAt, new Date(now.getTime() - forgottenAfter))),
    staff_networks: db.delete(staffNetworks).where(lt(staffNetworks.seenAt, monthAgo)),
    drafts: db.delete(drafts).where(lt(drafts.savedAt, draftsUntil)),
    form_keys: db.delete(formKeys).where(lt(formKeys.createdAt, draftsUntil)),
    staff_refusals: db.delete(staffRefusals).where(lt(staffRefusals.hour, monthAgo)),
    absences: db.delete(absences).where(lt(absences.untilDay, dayOf(quarterAgo))),
    staff_notices: db.delete(staffNotices).where(lt(staffNotices.sentAt, quarterAgo)),
    preview_links: db
      .delete(previewLinks)
      .where(and(isNull(previewLinks.answeredAt), lt(previewLinks.expiresAt, monthAgo))),
    answer_words: db
      .update(previewLinks)
      .set({ answerWords: null, wrappedKey: null })
      .where(and(isNotNull(previewLinks.wrappedKey), lt(previewLinks.answeredAt, yearsBefore(now, 1)))),
  };
  const counts: Record<string, number> = {};
  for (const [table, deletion] of Object.entries(gone)) counts[table] = (await deletion).count;
  counts["ad_uploads"] = await deleteOldUploads(now);
  return counts;
}

/**
 * Keeps the promises of the privacy page (db/words/privacy.ts): erases cases closed `keepYears` ago, and mail addresses
 * of guide requests from `keepRequestYears` ago and of readers whose time is over (readers.ts). A reopened case counts from its last closure; one where an answer is
 * owed is kept until it was given or ended, and stands in the lists as overdue meanwhile. Returns how many of
 * each.
 */
export async function applyRetention(
  now: Date,
): Promise<{ families: number; requests: number; readers: number; consents: number }> {
  const why = { reason: "retention", by: null, now } as const;
  let families = 0;
  for (const { id } of await endedLongAgo(now)) if (await eraseCase(id, why, hasEnded)) families++;
  const old = await requestedLongAgo(now);
  for (const { id } of old) await eraseRequest(id, why);
  const readers = await forgottenReaders(now, mostAtOnce);
  for (const id of readers) await eraseReader(id, why);
  const consents = await forgetGivers(now);
  if (families + old.length + readers.length + consents > 0 || (await haveStaffErased(now)))
    for (const { step, why } of await rewriteSealedTables()) log("erasure.incomplete", { step, why });
  return { families, requests: old.length, readers: readers.length, consents };
}

/** Whether staff erased somebody on a page since the run before: its press does not wait until the tables are rewritten. */
const haveStaffErased = async (now: Date): Promise<boolean> =>
  (await db.$count(
    erasures,
    and(isNotNull(erasures.erasedBy), gt(erasures.erasedAt, new Date(now.getTime() - 2 * 3_600_000))),
  )) > 0;

/** Names of those who consented to a publication, `keepYears` after its end; the reference of the paper stays. Returns how many. */
async function forgetGivers(now: Date): Promise<number> {
  const before = yearsBefore(now, settings().keepYears);
  const isOver = or(
    lt(approvals.until, sql`((${before}) at time zone 'Asia/Tokyo')::date`),
    lt(approvals.withdrawnAt, before),
  );
  const forgotten = await db
    .update(approvals)
    .set({ givenBy: null, wrappedKey: null })
    .where(and(isNotNull(approvals.wrappedKey), isOver));
  return forgotten.count;
}

/** SQL: the support has ended. It has not while an answer is owed, which happens when a notice is refused after closing. */
const hasEnded = and(eq(cases.state, "closed"), not(isOwed));

function endedLongAgo(now: Date) {
  return db
    .select({ id: cases.id })
    .from(cases)
    .innerJoin(closures, and(eq(closures.caseId, cases.id), isNull(closures.reopenedAt)))
    .where(and(hasEnded, isNotNull(cases.wrappedKey), lt(closures.closedAt, yearsBefore(now, settings().keepYears))))
    .limit(mostAtOnce);
}

function requestedLongAgo(now: Date) {
  return db
    .select({ id: downloadGrants.id })
    .from(downloadGrants)
    .innerJoin(leads, eq(leads.id, downloadGrants.leadId))
    .where(
      and(isNotNull(downloadGrants.wrappedKey), lt(leads.receivedAt, yearsBefore(now, settings().keepRequestYears))),
    )
    .limit(mostAtOnce);
}

/** Rows of each kind that one run erases at most; the next run goes on, so that a large backlog blocks nothing else. */
const mostAtOnce = 500;

const yearsBefore = (now: Date, years: number) =>
  sql`${now.toISOString()}::timestamptz - make_interval(years => ${years})`;
