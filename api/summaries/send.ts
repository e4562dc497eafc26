/** Sending the monthly summary: a job (api/jobs.ts). */

import { sql } from "drizzle-orm";
import { monthBefore, monthOf } from "#analytics/period.ts";
import { dayOf, instantOf } from "#db/calendar/days.ts";
import { db, transaction } from "#db/client.ts";
import { staff as people, staffAccounts } from "#db/schema/staff.ts";
import { type SummaryFigures, summaryMails, summaryReaders } from "#db/schema/summaries.ts";
import { summaryRoles } from "#db/terms/summaries.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { summaryFigures } from "./figures.ts";

/** Day of the month and time in Tokyo from which the summary of the month before is due: advertising accounts still correct the last days of a month for a day or two. */
const dueDate = "03";
const dueTime = "09:00";

/**
 * Queues the latest summary that is due for each of those who want it and have not got it: one mail for each person
 * and month, also when a process dies in between or two run at once, since the row that remembers the mail is
 * written in the transaction that queues it. After an outage it is sent late. Returns how many mails were queued.
 */
export async function sendSummaries(now: Date): Promise<{ mails: number }> {
  const { month, dueAt } = latestDue(now);
  const waiting = await waitingFor(month, dueAt);
  if (waiting.length === 0) return { mails: 0 };
  const figures = await summaryFigures(month);
  let mails = 0;
  for (const staffId of waiting) if (await sendTo(staffId, month, figures)) mails++;
  return { mails };
}

/** The last month whose summary is due (its first day), and since when. */
function latestDue(now: Date): { month: string; dueAt: Date } {
  const current = monthOf(dayOf(now));
  const dueIn = (month: string) => instantOf(month.replace(/01$/u, dueDate), dueTime);
  const sentIn = dueIn(current) <= now ? current : monthBefore(current);
  return { month: monthBefore(sentIn), dueAt: dueIn(sentIn) };
}

/** Those who wanted the summary when it was due, may have it today, and have not got it. */
async function waitingFor(month: string, dueAt: Date): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    select reader.staff_id as id
    from ${summaryReaders} reader join ${people} person on person.id = reader.staff_id
    where reader.wanted_at <= ${dueAt.toISOString()}::timestamptz
      and person.disabled_at is null and person.role in ${[...summaryRoles]}
      and exists (select from ${staffAccounts} account where account.user_id = person.id)
      and not exists (
        select from ${summaryMails} sent where sent.staff_id = reader.staff_id and sent.month = ${month}::date)
    order by 1`);
  return rows.map(({ id }) => id);
}

/** False when another process did so meanwhile. */
function sendTo(staffId: string, month: string, figures: SummaryFigures): Promise<boolean> {
  return transaction(async (tx) => {
    const isNew = await tx
      .insert(summaryMails)
      .values({ staffId, month, figures })
      .onConflictDoNothing()
      .returning({ month: summaryMails.month });
    if (isNew.length === 0) return false;
    const deliveryId = await enqueue(tx, { kind: "monthly_summary", staffId });
    await tx.execute(sql`update ${summaryMails} set delivery_id = ${deliveryId}
      where staff_id = ${staffId} and month = ${month}::date`);
    return true;
  });
}
