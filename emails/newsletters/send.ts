/** Deciding that an issue is sent, now or at a time; the worker begins it then (emails/outbox/advance-newsletters.ts). */

import { eq, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { readAudit } from "#db/audit-trail.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { db, transaction } from "#db/client.ts";
import { firstOrNotFound, Invalid, Refused } from "#db/errors.ts";
import { lists, newsletters } from "#db/schema/mail.ts";
import { staffNewsletterWords } from "#db/words/staff/newsletters.ts";
import { countReaders, type List } from "#emails/lists/lists.ts";
import { beginNewsletter } from "#emails/outbox/advance-newsletters.ts";
import { type AskPath, checkIssue } from "./checks.ts";
import {
  findDraft,
  findNewsletter,
  findSendable,
  getNewsletter,
  type Newsletter,
  requireContent,
  writers,
} from "./newsletters.ts";

const { refused } = staffNewsletterWords;

/** Seconds between the decision and the first mail, in which the sending can be stopped. */
export const holdSeconds = 60;

/** How far ahead an issue can be scheduled, in days. */
export const maxDaysAhead = 90;

export interface Sending {
  /** The version that the person read before pressing the button. */
  version: number;
  /** When it begins; undefined: now, that is, after the hold. */
  at?: Date | undefined;
  /** Whether its copy goes on the web once the first mail is out. */
  isForWeb: boolean;
}

/**
 * Schedules an issue for everyone who will have confirmed the list when it begins. It can be stopped until then. `ask` says what
 * our own pages answer, for the checks. Throws Refused when it is no draft any more, has changed since, is empty, has no readers
 * or holds something that the checks do not let pass; Invalid for a time that is over or too far ahead.
 */
export async function scheduleNewsletter(
  staff: Staff,
  id: string,
  sending: Sending,
  { ask, now = new Date() }: { ask?: AskPath; now?: Date } = {},
): Promise<void> {
  allow(staff, ...writers);
  const { version, at, isForWeb } = sending;
  const wrong = at === undefined ? undefined : whatIsWrong(at, now);
  if (wrong !== undefined) throw new Invalid({ at: wrong });
  // Before the transaction, since it asks our own pages; that the version is still the same makes it hold.
  const { issue: checked, list } = await getNewsletter(staff, id);
  const mistakes = await countMistakes(checked, list, ask);
  await transaction(async (tx) => {
    const issue = requireContent(await findSendable(tx, id));
    if (version !== issue.version || version !== checked.version) throw new Refused(refused.changed);
    if (mistakes > 0) throw new Refused(refused.mistakes(mistakes));
    if ((await countReaders(issue.listId, tx)) === 0) throw new Refused(refused.nobody);
    const held = sql`${databaseNow} + make_interval(secs => ${holdSeconds})`;
    const startAt = sql`greatest(${at?.toISOString() ?? null}::timestamptz, ${held})`;
    await tx.update(newsletters).set({ state: "scheduled", startAt, isForWeb }).where(eq(newsletters.id, id));
    await audit(tx, staff, "schedule", "newsletter", id, {
      at: at?.toISOString() ?? null,
      web: isForWeb,
      list: issue.listId,
    });
  });
}

/** What somebody chose when they decided to send an issue last. `at`: its time, as far as it lies ahead. */
export interface EarlierChoices {
  at: Date | undefined;
  isForWeb: boolean;
}

/**
 * The choices of the decision before, for somebody who stopped it and decides anew; undefined where there was none. The trail keeps them,
 * since they are no part of a draft. A copy on the web that was chosen for another list is not chosen for one that is not public.
 */
export async function earlierChoices(
  { id, listId }: Pick<Newsletter, "id" | "listId">,
  list: Pick<List, "isPublic">,
  now = new Date(),
): Promise<EarlierChoices | undefined> {
  const decisions = await readAudit(db, { noun: "newsletter", nounId: id, action: "schedule" });
  const last = decisions.at(-1)?.detail;
  if (last === undefined) return undefined;
  const at = typeof last["at"] === "string" ? new Date(last["at"]) : undefined;
  const isForWeb = last["web"] === true && (list.isPublic || last["list"] === listId);
  return { at: at && at > now ? at : undefined, isForWeb };
}

/** How many findings of the checks do not let an issue pass. */
async function countMistakes(...of: Parameters<typeof checkIssue>): Promise<number> {
  return (await checkIssue(...of)).findings.filter(({ level }) => level === "stop").length;
}

function whatIsWrong(at: Date, now: Date): string | undefined {
  if (at <= now) return refused.past;
  return at.getTime() > now.getTime() + maxDaysAhead * 86_400_000 ? refused.tooFar(maxDaysAhead) : undefined;
}

/** Makes a scheduled issue a draft again, with nothing sent. Throws Refused once it has begun. */
export async function unscheduleNewsletter(staff: Staff, id: string): Promise<void> {
  allow(staff, ...writers);
  await transaction(async (tx) => {
    const { state } = await findNewsletter(tx, id, true);
    if (state !== "scheduled") throw new Refused(state === "draft" ? refused.notScheduled : refused.begun);
    const draft = { state: "draft", startAt: null, isForWeb: false } as const;
    await tx.update(newsletters).set(draft).where(eq(newsletters.id, id));
    await audit(tx, staff, "unschedule", "newsletter", id);
  });
}

/** From the command line: begins at once, whatever version is saved, and with a copy on the web if its list is public. Our own pages cannot be asked from there. Throws Refused as `scheduleNewsletter`. */
export async function sendNewsletterCommand(id: string): Promise<{ audience: number; web: boolean }> {
  return transaction(async (tx) => {
    const issue = requireContent(await findDraft(tx, id));
    const list = firstOrNotFound(await tx.select().from(lists).where(eq(lists.id, issue.listId)));
    const mistakes = await countMistakes(issue, list, undefined);
    if (mistakes > 0) throw new Refused(refused.mistakes(mistakes));
    const audience = await beginNewsletter(tx, issue);
    if (audience === 0) throw new Refused(refused.nobody);
    // What is written to a list that nobody can subscribe to on the site stays off the web, unless somebody decides otherwise.
    const web = list.isPublic;
    await tx.update(newsletters).set({ isForWeb: web }).where(eq(newsletters.id, id));
    await audit(tx, null, "send", "newsletter", id, { audience, web });
    return { audience, web };
  });
}
