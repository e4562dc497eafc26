/**
 * What happens to issues by themselves, with time and with what became of their messages: a scheduled one begins, a
 * paused one parks what comes back, its copy goes on the web, and in the end it is over.
 */

import { and, eq, lte, not, sql } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { db, type Executor, transaction, type Transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { newsletters } from "#db/schema/mail.ts";
import { staffNewsletterWords } from "#db/words/staff/newsletters.ts";
import { senderDomain } from "#emails/addresses.ts";
import { audienceOf } from "#emails/audience.ts";
import { isCopyOf } from "./outbox.ts";
import { wakeSenders } from "./wake.ts";

type Issue = Pick<typeof newsletters.$inferSelect, "id" | "listId" | "state" | "isForWeb" | "webPublishedAt">;

/** Hours for which a scheduled issue still begins by itself when its time has passed: the sender was away, as at an upgrade. */
const lateHours = 1;

/**
 * SQL, of one row of `newsletters`: its time passed while nobody was there to begin it, or before a restore, so that it may have gone
 * out already. It waits for a person.
 */
export const isMissed = sql<boolean>`(state = 'scheduled' and start_at <= greatest(
  ${databaseNow} - make_interval(hours => ${lateHours}), (select max(restored_at) from restores)))`;

/** The ledger's reply of a message that its issue's cancelling kept back. */
export const cancelledReason = "issue cancelled";

/**
 * Brings every issue's state up to date. Cheap and safe to repeat, also by several senders at once: each issue is locked
 * by one of them, the others pass it over. The sender calls it with every poll and whenever it finds no more work.
 */
export async function advanceNewsletters(): Promise<void> {
  const open = await db.execute<{ id: string }>(sql`
    select id from newsletters
    where (state = 'scheduled' and start_at <= ${databaseNow} and not ${isMissed})
      or state in ('sending', 'paused')
      or (state = 'cancelled' and finished_at is null)
      or (state in ('sent', 'cancelled') and is_for_web and web_published_at is null
        and finished_at > ${databaseNow} - interval '1 day')`);
  for (const { id } of open) await transaction((tx) => advance(tx, id));
}

async function advance(tx: Transaction, id: string): Promise<void> {
  const [issue] = await tx
    .select()
    .from(newsletters)
    .where(eq(newsletters.id, id))
    .for("no key update", { skipLocked: true });
  if (!issue) return;
  if (issue.state === "scheduled") return beginScheduled(tx, issue);
  if (issue.state === "paused") await park(tx, id);
  if (issue.state === "cancelled") await cancelWaiting(tx, id);
  await publishOnce(tx, issue);
  await finishIssue(tx, id);
}

/** Begins a scheduled issue that is due. One that would reach nobody is a draft again; that it still has its time says why. */
async function beginScheduled(tx: Transaction, issue: Issue): Promise<void> {
  const isDue = and(eq(newsletters.id, issue.id), lte(newsletters.startAt, databaseNow), not(isMissed));
  const [due] = await tx.select({ id: newsletters.id }).from(newsletters).where(isDue);
  if (!due) return;
  const audience = await beginNewsletter(tx, issue);
  if (audience === 0) await tx.update(newsletters).set({ state: "draft" }).where(eq(newsletters.id, issue.id));
  await audit(tx, null, audience === 0 ? "unschedule" : "send", "newsletter", issue.id, { audience });
}

/**
 * Begins to send an issue that the caller has locked: its audience is fixed and its messages are queued in one statement.
 * Returns the size of the audience; 0, and nothing changed, where there is none.
 */
export async function beginNewsletter(tx: Transaction, { id, listId }: Pick<Issue, "id" | "listId">): Promise<number> {
  // Readers to whom this issue went out after the moment to which a restore took the database back have their row already.
  await tx.execute(sql`
    insert into deliveries (id, kind, lane, message_id, subscriber_id, newsletter_id, queued_at, due_at)
    select id, 'newsletter', 'bulk', '<' || id || ${`@${senderDomain()}>`}, subscriber_id, ${id}, ${databaseNow}, ${databaseNow}
    from (select uuidv7() as id, subscriber_id from ${audienceOf(listId)} a) audience
    on conflict (newsletter_id, subscriber_id) where kind = 'newsletter' do nothing`);
  const [{ audience } = { audience: 0 }] = await tx.execute<{ audience: number }>(sql`
    select count(*)::int as audience from deliveries where ${isCopyOf(id)}`);
  if (audience === 0) return 0;
  // The public address: the day of sending in Japan and the random end of the id, which makes it unique.
  const slug = sql`to_char(${databaseNow} at time zone 'Asia/Tokyo', 'YYYY-MM-DD') || '-' || right(id::text, 8)`;
  await tx
    .update(newsletters)
    .set({ state: "sending", slug, sentAt: databaseNow, audience })
    .where(eq(newsletters.id, id));
  tx.afterCommit(wakeSenders);
  return audience;
}

/** SQL, of one row of `deliveries`: its fate is unknown, and nobody has decided about it. */
export const isUndecided = sql`(state = 'uncertain' and left_at is null)`;

/** SQL: the messages of an issue that wait for their turn. */
const waitingOf = (id: string) => sql`${isCopyOf(id)} and state in ('queued', 'retry')`;

/** Puts everything of a paused issue that waits out of the claims' sight; what was under way comes back later, and is parked then. Returns how much. */
export async function park(tx: Executor, id: string): Promise<number> {
  const parked = await tx.execute(sql`
    update deliveries set due_at = 'infinity' where ${waitingOf(id)} and due_at < 'infinity' returning 1`);
  return parked.length;
}

/** Makes everything parked due now. It is queued anew: the days of a pause are not days in which a mail server refused it. */
export async function unpark(tx: Transaction, id: string): Promise<number> {
  const due = await tx.execute(sql`
    update deliveries set due_at = ${databaseNow}, queued_at = ${databaseNow} where ${waitingOf(id)} returning 1`);
  tx.afterCommit(wakeSenders);
  return due.length;
}

/** Ends everything of a cancelled issue that waits, and what comes back to wait. Returns how much. */
export async function cancelWaiting(tx: Executor, id: string): Promise<number> {
  const ended = await tx.execute(sql`
    update deliveries set state = 'cancelled', finished_at = ${databaseNow}, reply = ${cancelledReason}
    where ${waitingOf(id)} returning 1`);
  return ended.length;
}

/** Lets an issue that was over go on, since something of it is sent again. Throws Refused for one that was cancelled. */
export async function reopenIssue(tx: Executor, { id, state }: Pick<Issue, "id" | "state">): Promise<void> {
  if (state === "cancelled") throw new Refused(staffNewsletterWords.refused.cancelled);
  if (state === "sent")
    await tx.update(newsletters).set({ state: "sending", finishedAt: null }).where(eq(newsletters.id, id));
}

/**
 * Puts an issue on the web that is meant for it, once a mail server has accepted the first of its mails. It asks first:
 * an update of these columns tells every process to render its pages again, also one that changes no row.
 */
async function publishOnce(tx: Executor, { id, isForWeb, webPublishedAt }: Issue): Promise<void> {
  if (!isForWeb || webPublishedAt !== null) return;
  const [accepted] = await tx.execute(sql`
    select 1 from deliveries where ${isCopyOf(id)} and state = 'accepted' limit 1`);
  if (!accepted) return;
  await tx.update(newsletters).set({ webPublishedAt: databaseNow }).where(eq(newsletters.id, id));
  await audit(tx, null, "publish", "newsletter", id);
}

/** Ends an issue once nothing of it waits or is under way, and somebody has decided about every message of unknown fate. */
async function finishIssue(tx: Executor, id: string): Promise<void> {
  // One question for each index: most of a large sending is not read for the answer.
  const ofIssue = sql`select from deliveries d where d.newsletter_id = n.id and d.kind = 'newsletter'`;
  await tx.execute(sql`
    update newsletters n set finished_at = ${databaseNow}, state = case n.state when 'cancelled' then 'cancelled' else 'sent' end
    where n.id = ${id} and n.finished_at is null
      and not exists (${ofIssue} and d.lane = 'bulk' and d.state in ('queued', 'retry'))
      and not exists (${ofIssue} and d.state = 'leased')
      and not exists (${ofIssue} and ${isUndecided})`);
}
