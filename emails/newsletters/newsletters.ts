/** Issues of the newsletter as staff read them, with what became of every message. */

import { and, desc, eq, getTableColumns, gte, sql } from "drizzle-orm";
import { allow, type Staff } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { dayOf, instantOf } from "#db/calendar/days.ts";
import { type Executor, db } from "#db/client.ts";
import { firstOrNotFound, NotFound, Refused } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { lists, newsletters } from "#db/schema/mail.ts";
import { staff } from "#db/schema/staff.ts";
import type { DeliveryState, NewsletterState } from "#db/terms/mail.ts";
import type { Role } from "#db/terms/staff.ts";
import { staffNewsletterWords } from "#db/words/staff/newsletters.ts";
import { heldBackReason } from "#emails/held-back.ts";
import { countReaders, type List, readLists } from "#emails/lists/lists.ts";
import { cancelledReason, isMissed, isUndecided } from "#emails/outbox/advance-newsletters.ts";
import { isCopyOf, ledgerCounts, type LedgerCounts } from "#emails/outbox/outbox.ts";

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

/** How far the sending of an issue is. Everything that says so reads these four numbers, so that no two places disagree. */
export interface Progress {
  /** Accepted by a mail server. */
  sent: number;
  /** Wait for their turn; a pause or the cancelling of the issue keeps them back. */
  waiting: number;
  /** With a sender at this moment. What it has begun to hand over goes out whatever is pressed. */
  inHand: number;
  /** Of unknown fate, and nobody has decided about them. */
  undecided: number;
}

/** Messages that have yet to go out. */
export const leftOf = ({ waiting, inHand }: Progress): number => waiting + inHand;

/**
 * The state that an issue is shown in. "undecided": whatever is left of it waits for a person, be it that its time passed without it or
 * that every message but those of unknown fate has had its end.
 */
export function shownState(issue: {
  state: NewsletterState;
  isMissed: boolean;
  progress: Progress | undefined;
}): NewsletterState | "undecided" {
  const { state, isMissed, progress } = issue;
  if (isMissed) return "undecided";
  const isOpen = state === "sending" || state === "paused";
  return isOpen && progress && leftOf(progress) === 0 && progress.undecided > 0 ? "undecided" : state;
}

/** An issue in the list. `progress`: of one that is on its way or was cancelled; of all others the audience says it. */
export type ListedNewsletter = Newsletter & { list: string; progress: Progress | undefined; isMissed: boolean };

/** Every issue in whatever state, newest first. Throws Forbidden. */
export async function listNewsletters(staff: Staff): Promise<ListedNewsletter[]> {
  allow(staff, ...writers);
  const issues = await db
    .select({ ...getTableColumns(newsletters), list: lists.name, isMissed })
    .from(newsletters)
    .innerJoin(lists, eq(lists.id, newsletters.listId))
    .orderBy(desc(newsletters.createdAt), desc(newsletters.id));
  // Not of those that are over: every message of them would be read for it.
  const open = issues.filter(({ sentAt, finishedAt, state }) => sentAt && (!finishedAt || state === "cancelled"));
  const progress = await progressOf(open.map(({ id }) => id));
  return issues.map((issue) => ({ ...issue, progress: progress.get(issue.id) }));
}

/** Of each of these issues. */
async function progressOf(ids: readonly string[]): Promise<Map<string, Progress>> {
  if (ids.length === 0) return new Map();
  const rows = await db.execute<{ id: string; state: DeliveryState; count: number; undecided: number }>(sql`
    select newsletter_id as id, state, count(*)::int as count, count(*) filter (where ${isUndecided})::int as undecided
    from deliveries where kind = 'newsletter' and newsletter_id in ${[...ids]} group by newsletter_id, state`);
  const byIssue = [...Map.groupBy(rows, ({ id }) => id)];
  return new Map(
    byIssue.map(([id, states]) => {
      const counts = Object.fromEntries(states.map(({ state, count }) => [state, count]));
      return [id, progressFrom(counts, Math.max(...states.map(({ undecided }) => undecided)))];
    }),
  );
}

const progressFrom = (counts: Partial<LedgerCounts>, undecided: number): Progress => {
  const { accepted = 0, queued = 0, retry = 0, leased = 0 } = counts;
  return { sent: accepted, waiting: queued + retry, inHand: leased, undecided };
};

/** The newest draft that this member of staff began today (in Japan) and has not sent: after Back from its preview the page of a new issue leads to it. */
export async function draftOfToday(staff: Staff, now = new Date()): Promise<Newsletter | undefined> {
  allow(staff, ...writers);
  const own = and(eq(newsletters.authorId, staff.id), eq(newsletters.state, "draft"));
  const [draft] = await db
    .select()
    .from(newsletters)
    .where(and(own, gte(newsletters.createdAt, instantOf(dayOf(now)))))
    .orderBy(desc(newsletters.savedAt))
    .limit(1);
  return draft;
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
  progress: Progress;
  /** Of the `cancelled` ones: the reader had left when their turn came, so that it is no cancelling of the issue. */
  leftBefore: number;
  /** Messages that came to their end in a second; undefined while it is too early to say. */
  perSecond: number | undefined;
}

/** The time over which the rate of sending is measured, in seconds, and the shortest that says something. */
const [rateSeconds, leastSeconds] = [30, 5];

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
  const ofIssue = sql`from deliveries where ${isCopyOf(issue.id)}`;
  // Whatever puts messages into the queue, be it the beginning, the end of a pause or a decision to send again, notes when.
  const [row] = await db.execute<Measured>(sql`
    with since as (
      select greatest(max(queued_at), ${databaseNow} - make_interval(secs => ${rateSeconds})) as at ${ofIssue})
    select count(*) filter (where ${isUndecided})::int as undecided,
      count(*) filter (where state = 'cancelled'
        and coalesce(reply, '') not in (${cancelledReason}, ${heldBackReason}))::int as "leftBefore",
      count(*) filter (where finished_at > (select at from since))::int as ended,
      extract(epoch from ${databaseNow} - (select at from since))::float8 as seconds
    ${ofIssue}`);
  const { undecided, ended, seconds, ...measured } = row ?? { undecided: 0, leftBefore: 0, ended: 0, seconds: 0 };
  // Counted a moment later than `counts`, of which it is a part.
  const leftBefore = Math.min(measured.leftBefore, counts.cancelled);
  const audience = issue.audience ?? 0;
  const remainder = audience - Object.values(counts).reduce((sum, count) => sum + count, 0);
  const progress = progressFrom(counts, undecided);
  return { audience, counts, remainder, progress, leftBefore, perSecond: rateOf({ ended, seconds }) };
}

interface Measured extends Record<string, unknown> {
  undecided: number;
  leftBefore: number;
  /** Messages that ended within so many `seconds`. */
  ended: number;
  seconds: number;
}

/** Nothing for the first seconds, and that nothing was sent at all only after the whole time. */
function rateOf({ ended, seconds }: Pick<Measured, "ended" | "seconds">): number | undefined {
  const isEarly = seconds < (ended === 0 ? rateSeconds : leastSeconds);
  return isEarly ? undefined : ended / seconds;
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
