/** Issues of the newsletter as staff read them, with what became of every message. */

import { desc, eq, getTableColumns, sql } from "drizzle-orm";
import { allow, type Staff } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { type Executor, db } from "#db/client.ts";
import { firstOrNotFound, NotFound, Refused } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { lists, newsletters } from "#db/schema/mail.ts";
import { staff } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import { staffNewsletterWords } from "#db/words/staff/newsletters.ts";
import { countReaders, type List, readLists } from "#emails/lists/lists.ts";
import { isMissed, isUndecided } from "#emails/outbox/advance-newsletters.ts";
import { ledgerCounts, type LedgerCounts } from "#emails/outbox/outbox.ts";

/** Who writes newsletters, and sends them. */
export const writers: Role[] = ["manager", "fundraiser"];

/** What somebody writes. What is absent stays as it is; in a new draft it is empty. */
export interface Draft {
  subject: string;
  /** Markdown. */
  body: string;
  preheader?: string | undefined;
  showsSubject?: boolean | undefined;
  /** Slug of the list it goes to. */
  list?: string | undefined;
}

export type Newsletter = typeof newsletters.$inferSelect;

/** An issue in the list. `undecided`: how many messages of it somebody has yet to decide about. */
export type ListedNewsletter = Newsletter & { list: string; undecided: number; isMissed: boolean };

/** Every issue in whatever state, newest first. Throws Forbidden. */
export async function listNewsletters(staff: Staff): Promise<ListedNewsletter[]> {
  allow(staff, ...writers);
  // Asked of issues that are not over alone: of an old one, every message would be read for it.
  const undecided = sql<number>`case when ${newsletters.sentAt} is null or ${newsletters.finishedAt} is not null then 0 else (
    select count(*)::int from deliveries d
    where d.newsletter_id = ${newsletters.id} and d.kind = 'newsletter' and ${isUndecided}) end`;
  return db
    .select({ ...getTableColumns(newsletters), list: lists.name, undecided, isMissed })
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
  /** Of those whose fate is unknown, how many somebody has yet to decide about. */
  undecided: number;
  /** Messages that came to their end in a second, over the last half minute. */
  perSecond: number;
}

/** The time over which the rate of sending is measured, in seconds. */
const rateSeconds = 30;

export interface NewsletterView {
  issue: Newsletter;
  list: List;
  /** How many people it would reach now. */
  readers: number;
  /** Once its sending began. */
  accounting: Accounting | undefined;
  /** Its time passed without it, and a person has to decide. `known`: how many are known to have it already, from before a restore. */
  missed: { known: number } | undefined;
}

/** One issue, whatever became of it. Throws NotFound, Forbidden. */
export async function getNewsletter(staff: Staff, id: string): Promise<NewsletterView> {
  allow(staff, ...writers);
  const issue = await findNewsletter(db, id);
  const list = firstOrNotFound(await db.select().from(lists).where(eq(lists.id, issue.listId)));
  const readers = await countReaders(issue.listId);
  const accounting = issue.audience === null ? undefined : await account(issue);
  const missed = (await wasMissed(db, id)) ? { known: (await ledgerCounts({ newsletterId: id })).accepted } : undefined;
  return { issue, list, readers, accounting, missed };
}

/** Whether a scheduled issue waits for a person, since its time passed without it. */
async function wasMissed(tx: Executor, id: string): Promise<boolean> {
  const [row] = await tx.select({ isMissed }).from(newsletters).where(eq(newsletters.id, id));
  return row?.isMissed ?? false;
}

async function account(issue: Newsletter): Promise<Accounting> {
  const counts = await ledgerCounts({ newsletterId: issue.id });
  const [row] = await db.execute<{ undecided: number; ended: number }>(sql`
    select count(*) filter (where ${isUndecided})::int as undecided,
      count(*) filter (where finished_at > ${databaseNow} - make_interval(secs => ${rateSeconds}))::int as ended
    from deliveries where newsletter_id = ${issue.id} and kind = 'newsletter'`);
  const { undecided, ended } = row ?? { undecided: 0, ended: 0 };
  const audience = issue.audience ?? 0;
  const remainder = audience - Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { audience, counts, remainder, undecided, perSecond: ended / rateSeconds };
}

/** An issue by its id; `lock`: for the caller's transaction alone. Throws NotFound. */
export async function findNewsletter(tx: Executor, id: string, lock = false): Promise<Newsletter> {
  if (!isId(id)) throw new NotFound("newsletter");
  const found = tx.select().from(newsletters).where(eq(newsletters.id, id));
  return firstOrNotFound(await (lock ? found.for("update") : found));
}

/** The same, locked, while it is a draft. Throws NotFound, Refused. */
export async function findDraft(tx: Executor, id: string): Promise<Newsletter> {
  return requireDraft(await findNewsletter(tx, id, true));
}

function requireDraft(issue: Newsletter): Newsletter {
  if (issue.state === "scheduled") throw new Refused(staffNewsletterWords.refused.scheduled);
  if (issue.state !== "draft") throw new Refused(staffNewsletterWords.refused.sent);
  return issue;
}

/** The same for an issue that somebody may decide to send: a draft, or one whose time passed without it. Throws NotFound, Refused. */
export async function findSendable(tx: Executor, id: string): Promise<Newsletter> {
  const issue = await findNewsletter(tx, id, true);
  return (await wasMissed(tx, id)) ? issue : requireDraft(issue);
}

/** Whether there is anything to send: neither subject nor body is empty. */
export const isFinished = ({ subject, body }: Pick<Draft, "subject" | "body">): boolean =>
  subject.trim() !== "" && body.trim() !== "";

/** Throws Refused while subject or body is empty. */
export function requireContent(issue: Newsletter): Newsletter {
  if (!isFinished(issue)) throw new Refused("件名と本文の両方を書いて保存してから送ってください。");
  return issue;
}

/** Who saved an issue's text last, and when; undefined for what was saved before this was kept. */
export async function lastSaved({ lastWriterId, savedAt }: Newsletter): Promise<{ by: string; at: Date } | undefined> {
  if (lastWriterId === null || savedAt === null) return undefined;
  const [row] = await db.select({ by: staff.name }).from(staff).where(eq(staff.id, lastWriterId));
  return row && { ...row, at: savedAt };
}
