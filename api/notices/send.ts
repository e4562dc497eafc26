/** Sending what was written down for the staff: a job, run every minute (api/jobs.ts). */

import { sql } from "drizzle-orm";
import { responsibleOf } from "#api/holders/responsible.ts";
import { isOpen } from "#api/promises/promises.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db, transaction } from "#db/client.ts";
import { deliveries, isRefusedToFamily } from "#db/schema/mail.ts";
import { staffNotices } from "#db/schema/notices.ts";
import { promises } from "#db/schema/promises.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { notifyHolder } from "./notify.ts";

/** At most one mail to a person within this time. */
const apartMs = 30 * 60_000;

/** A refusal is noticed within this time; what is older was there before the notices were. */
const refusalsSinceMs = 7 * 86_400_000;

/**
 * Notices what only the clock and the mail server know, that an answer is overdue and that a mail to a family was
 * refused, and sends what waits: one mail to each person, and none to whom one was sent less than 30 minutes ago.
 * Returns how many mails were queued.
 */
export async function sendNotices(now: Date): Promise<{ mails: number }> {
  await noticeOverdue(now);
  await noticeRefused(now);
  let mails = 0;
  for (const staffId of await waitingFor(now)) if (await sendTo(staffId, now)) mails++;
  return { mails };
}

/**
 * One notice for each promise whose day is over, to whoever is responsible then. Reads the open promises alone. Without a
 * limit: those that somebody has switched off stay in the result, and must not keep newer ones out of it.
 */
async function noticeOverdue(now: Date): Promise<void> {
  const rows = await db.execute<{ id: string; caseId: string }>(sql`
    select ${promises.id} as id, ${promises.caseId} as "caseId" from ${promises}
    where ${isOpen} and ${promises.dueDay} < ${dayOf(now)}
      and not exists (select 1 from ${staffNotices} n where n.kind = 'overdue' and n.about_id = ${promises.id})
      and ${responsibleOf(promises.caseId)} is not null
    order by ${promises.dueDay}`);
  for (const { id, caseId } of rows)
    await transaction((tx) => notifyHolder(tx, { kind: "overdue", caseId, aboutId: id }, now));
}

/** One notice for each mail to a family that was refused, a receipt or the notice of a reply. */
async function noticeRefused(now: Date): Promise<void> {
  const since = new Date(now.getTime() - refusalsSinceMs).toISOString();
  const rows = await db.execute<{ id: string; caseId: string }>(sql`
    select ${deliveries.id} as id, c.case_id as "caseId"
    from ${deliveries} join consultations c on c.lead_id = ${deliveries.leadId}
    where ${isRefusedToFamily(deliveries)} and ${deliveries.finishedAt} > ${since}::timestamptz
      and not exists (select 1 from ${staffNotices} n where n.kind = 'mail_refused' and n.about_id = ${deliveries.id})
      and ${responsibleOf(sql`c.case_id`)} is not null
    order by ${deliveries.finishedAt}`);
  for (const { id, caseId } of rows)
    await transaction((tx) => notifyHolder(tx, { kind: "mail_refused", caseId, aboutId: id }, now));
}

/** Those for whom something waits and who got no mail lately. */
async function waitingFor(now: Date): Promise<string[]> {
  const before = new Date(now.getTime() - apartMs).toISOString();
  const rows = await db.execute<{ id: string }>(sql`
    select distinct waiting.staff_id as id from ${staffNotices} waiting
    where waiting.sent_at is null and not exists (
      select 1 from ${staffNotices} earlier
      where earlier.staff_id = waiting.staff_id and earlier.sent_at > ${before}::timestamptz)`);
  return rows.map(({ id }) => id);
}

/** Gathers all that waits for one person into one mail; false when another process did so meanwhile. */
function sendTo(staffId: string, now: Date): Promise<boolean> {
  return transaction(async (tx) => {
    const gathered = await tx.execute<{ id: string }>(sql`
      update ${staffNotices} set sent_at = ${now.toISOString()}::timestamptz
      where staff_id = ${staffId} and sent_at is null returning id`);
    if (gathered.length === 0) return false;
    const deliveryId = await enqueue(tx, { kind: "personal_notice", staffId });
    await tx.execute(sql`update ${staffNotices} set delivery_id = ${deliveryId}
      where staff_id = ${staffId} and sent_at = ${now.toISOString()}::timestamptz and delivery_id is null`);
    return true;
  });
}
