/** Issues of the newsletter: drafts, test mails, sending once, and what became of every message. */

import { desc, eq, getTableColumns, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { dayOf } from "#db/calendar/days.ts";
import { type Executor, db, transaction } from "#db/client.ts";
import { firstOrNotFound, NotFound, Refused } from "#db/errors.ts";
import { isId, newId } from "#db/random/ids.ts";
import { lists, newsletters } from "#db/schema/mail.ts";
import type { Role } from "#db/terms/staff.ts";
import { senderDomain } from "#emails/addresses.ts";
import { chosenLists, countReaders, defaultList, type List, readLists } from "#emails/lists/lists.ts";
import { enqueue, ledgerCounts, type LedgerCounts } from "#emails/outbox/outbox.ts";
import { wakeSenders } from "#emails/outbox/wake.ts";

const writers: Role[] = ["manager", "fundraiser"];

export interface Draft {
  subject: string;
  /** Markdown. */
  body: string;
  /** Slug of the list it goes to. */
  list?: string | undefined;
}

export type Newsletter = typeof newsletters.$inferSelect;

/** Every issue, draft or sent, with the name of its list, newest first. Throws Forbidden. */
export async function listNewsletters(staff: Staff): Promise<(Newsletter & { list: string })[]> {
  allow(staff, ...writers);
  return db
    .select({ ...getTableColumns(newsletters), list: lists.name })
    .from(newsletters)
    .innerJoin(lists, eq(lists.id, newsletters.listId))
    .orderBy(desc(newsletters.createdAt), desc(newsletters.id));
}

/** The lists an issue can be sent to, each with how many people it would reach now. Throws Forbidden. */
export async function viewLists(staff: Staff): Promise<(List & { readers: number })[]> {
  allow(staff, ...writers);
  return Promise.all((await readLists()).map(async (list) => ({ ...list, readers: await countReaders(list.id) })));
}

/** What became of an issue's messages, by state. `remainder`: the audience less the sum of `counts`; anything but 0 is a bug and is shown. */
export interface Accounting {
  audience: number;
  counts: LedgerCounts;
  remainder: number;
}

/** One issue, how many people it would reach now, and its accounting once it was sent. Throws NotFound, Forbidden. */
export async function getNewsletter(
  staff: Staff,
  id: string,
): Promise<{ issue: Newsletter; list: List; readers: number; accounting: Accounting | undefined }> {
  allow(staff, ...writers);
  const issue = await find(db, id);
  const list = firstOrNotFound(await db.select().from(lists).where(eq(lists.id, issue.listId)));
  const readers = await countReaders(issue.listId);
  return { issue, list, readers, accounting: issue.audience === null ? undefined : await account(issue) };
}

async function account(issue: Newsletter): Promise<Accounting> {
  const counts = await ledgerCounts({ newsletterId: issue.id });
  const audience = issue.audience ?? 0;
  return { audience, counts, remainder: audience - Object.values(counts).reduce((sum, count) => sum + count, 0) };
}

/** Creates a draft for one list; returns its id. Throws Invalid for a list that does not exist. */
export async function createNewsletter(staff: Staff, { subject, body, list = defaultList }: Draft): Promise<string> {
  allow(staff, ...writers);
  const id = newId();
  await transaction(async (tx) => {
    const { id: listId } = firstOrNotFound(await chosenLists(tx, [list], "list"));
    await tx.insert(newsletters).values({ id, listId, slug: id, subject, body, authorId: staff.id });
    await audit(tx, staff, "create", "newsletter", id);
  });
  return id;
}

/** Shown when somebody else has saved since the text was read (optimistic locking by `version`); the page shows both texts. */
const conflictSentence =
  "ほかの人が先に保存していました。下に両方の文章があります。見比べて、残したい内容にしてからもう一度保存してください。";

/** Saves a draft, and its list if one is named. Throws Refused when it is no longer at `version` or was sent already, Invalid for a list that does not exist. */
export async function saveNewsletter(staff: Staff, id: string, draft: Draft & { version: number }): Promise<void> {
  allow(staff, ...writers);
  await transaction(async (tx) => {
    const issue = await findDraft(tx, id);
    if (issue.version !== draft.version) throw new Refused(conflictSentence);
    const [list] = draft.list === undefined ? [] : await chosenLists(tx, [draft.list], "list");
    const listId = list?.id ?? issue.listId;
    await tx
      .update(newsletters)
      .set({ subject: draft.subject, body: draft.body, listId, version: issue.version + 1 })
      .where(eq(newsletters.id, id));
    await audit(tx, staff, "save", "newsletter", id, { version: issue.version + 1 });
  });
}

/** Queues a test mail of the saved text to this member of staff alone. Throws Refused while subject or body is empty. */
export async function sendTest(staff: Staff, id: string): Promise<void> {
  allow(staff, ...writers);
  await transaction(async (tx) => {
    requireContent(await find(tx, id));
    await enqueue(tx, { kind: "newsletter_test", newsletterId: id, staffId: staff.id });
    await audit(tx, staff, "send_test", "newsletter", id);
  });
}

/**
 * Sends an issue to everyone who has confirmed the list by now, once: the audience is fixed and its
 * messages are queued in one statement. `version` is the one the person read before pressing the button.
 * Throws Refused when the issue was sent already, has changed since, is empty or has no readers. Returns
 * the size of the audience.
 */
export async function sendNewsletter(staff: Staff, id: string, version: number): Promise<number> {
  allow(staff, ...writers);
  return publish(staff, id, version);
}

/** The same from the command line, for whatever version is saved. */
export async function sendNewsletterCommand(id: string): Promise<{ audience: number }> {
  return { audience: await publish(null, id) };
}

async function publish(staff: Staff | null, id: string, version?: number): Promise<number> {
  const audience = await transaction(async (tx) => {
    const issue = requireContent(await findDraft(tx, id));
    if (version !== undefined && version !== issue.version)
      throw new Refused("確認のあとに本文が変わりました。もう一度読んでから送ってください。");
    // Readers to whom this issue went out after the moment to which a restore took the database back have their row already.
    await tx.execute(sql`
      insert into deliveries (id, kind, lane, message_id, subscriber_id, newsletter_id)
      select id, 'newsletter', 'bulk', '<' || id || ${`@${senderDomain()}>`}, subscriber_id, ${id}
      from (
        select uuidv7() as id, subscriber_id from subscriptions
        where list_id = ${issue.listId} and state = 'confirmed'
      ) audience
      on conflict (newsletter_id, subscriber_id) where kind = 'newsletter' do nothing`);
    const [{ count } = { count: 0 }] = await tx.execute<{ count: number }>(sql`
      select count(*)::int as count from deliveries where newsletter_id = ${id} and kind = 'newsletter'`);
    if (count === 0) throw new Refused("登録を確認した読者がまだいないので、送れません。");
    await tx
      .update(newsletters)
      .set({ state: "sending", slug: slugOf(id), sentAt: sql`now()`, audience: count, version: issue.version + 1 })
      .where(eq(newsletters.id, id));
    await audit(tx, staff, "send", "newsletter", id, { audience: count });
    tx.afterCommit(wakeSenders);
    return count;
  });
  return audience;
}

/** The public address of an issue: the day of sending in Asia/Tokyo and the random end of its id, which makes it unique. */
function slugOf(id: string): string {
  return `${dayOf(new Date())}-${id.slice(-8)}`;
}

/** Queues once more the messages of an issue that may or may not have arrived, since only a person can weigh a repeat against a loss. Returns how many. Throws Refused when there are none. */
export async function resendUncertain(staff: Staff, id: string): Promise<number> {
  allow(staff, ...writers);
  const count = await transaction(async (tx) => {
    await find(tx, id);
    const again = await tx.execute(sql`
      update deliveries set state = 'queued', repeated = true, due_at = ${databaseNow}, finished_at = null
      where newsletter_id = ${id} and kind = 'newsletter' and state = 'uncertain' returning id`);
    if (again.length === 0) throw new Refused("届いたか不明のメールはありません。");
    await tx.update(newsletters).set({ state: "sending" }).where(eq(newsletters.id, id));
    await audit(tx, staff, "resend", "newsletter", id, { count: again.length });
    tx.afterCommit(wakeSenders);
    return again.length;
  });
  return count;
}

async function find(tx: Executor, id: string, lock = false): Promise<Newsletter> {
  if (!isId(id)) throw new NotFound("newsletter");
  const found = tx.select().from(newsletters).where(eq(newsletters.id, id));
  return firstOrNotFound(await (lock ? found.for("update") : found));
}

async function findDraft(tx: Executor, id: string): Promise<Newsletter> {
  const issue = await find(tx, id, true);
  if (issue.state !== "draft") throw new Refused("このメールマガジンは、もう送信されています。");
  return issue;
}

function requireContent(issue: Newsletter): Newsletter {
  if (issue.subject.trim() === "" || issue.body.trim() === "")
    throw new Refused("件名と本文の両方を書いて保存してから送ってください。");
  return issue;
}
