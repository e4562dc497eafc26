/** The mailing lists that a person can subscribe to, and how many people did. */

import { asc, sql } from "drizzle-orm";
import { allow, type Staff } from "#db/actor.ts";
import { db, type Executor } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { readableAddress } from "#db/formats/mail-address.ts";
import { lists } from "#db/schema/mail.ts";
import { codes } from "#db/terms/codes.ts";
import type { Locale } from "#db/terms/locale.ts";
import { unsubscribeReason } from "#db/terms/mail.ts";
import { readTimeoutMs, withTimeout } from "#db/timeout.ts";
import { wordsIn } from "#db/words/words.ts";
import { senderAddress } from "#emails/addresses.ts";
import { audienceOf, isInAudience } from "#emails/audience.ts";

export type List = typeof lists.$inferSelect;

/** A list with its Japanese name. */
export type ListName = Pick<List, "slug" | "name">;

/** The list of a request that names none: from a program, or from the checkbox beside a guide. */
export const defaultList = "news";

/** Where an answer to a mail of this list goes: its own address for answers, else the sender's. */
export const answersGoTo = ({ replyTo }: Pick<List, "replyTo">): string =>
  readableAddress(replyTo || senderAddress().address);

let lastRead: List[] = [];

/** Every list, in the order in which pages show them. Throws a timeout after `readTimeoutMs` when the database does not answer. */
export async function readLists(from: Executor = db): Promise<List[]> {
  const reading = from.select().from(lists).orderBy(asc(lists.position), asc(lists.slug));
  lastRead = await withTimeout(readTimeoutMs, reading);
  return lastRead;
}

/** The lists as last read by this process, for a form that is shown again while the database cannot be reached; none before the first read. */
export const lastKnownLists = (): List[] => lastRead;

/** The lists with these slugs, each once, in the order of `readLists`. Throws Invalid at `field` when there is no such list. */
export async function chosenLists(
  tx: Executor,
  slugs: readonly string[],
  field = "lists",
  locale: Locale = "ja",
): Promise<List[]> {
  const all = await readLists(tx);
  const known = new Set(all.map(({ slug }) => slug));
  if (slugs.some((slug) => !known.has(slug))) throw new Invalid({ [field]: wordsIn(locale).errors.listGone });
  return all.filter(({ slug }) => slugs.includes(slug));
}

/** Throws Invalid when one of the lists takes nobody in on the site, as if it did not exist. */
export function requirePublic(chosen: readonly List[], locale: Locale): void {
  if (chosen.some(({ isPublic }) => !isPublic)) throw new Invalid({ lists: wordsIn(locale).errors.listGone });
}

/** How many people an issue for this list would be sent to now. */
export async function countReaders(listId: string, from: Executor = db): Promise<number> {
  const [row] = await from.execute<{ count: number }>(sql`select count(*)::int as count from ${audienceOf(listId)} a`);
  return row?.count ?? 0;
}

export interface Readership {
  /** In the order of the lists. `readers`: who would get an issue now; `held`: confirmed, but nothing may be mailed to the address; `waiting`: requested and can still be confirmed; `lapsed`: not confirmed in time; `left`: unsubscribed. */
  lists: { slug: string; name: string; readers: number; held: number; waiting: number; lapsed: number; left: number }[];
  /** How often a person unsubscribed; several lists at the same moment count once. */
  unsubscriptions: number;
  /** Of those, how many gave which reason; every reason there is, the most frequent first. */
  reasons: { reason: keyof typeof unsubscribeReason; count: number }[];
}

/** Subscriptions by list and state, as counts only. Throws Forbidden for roles without a part in the newsletter. */
export async function viewReadership(staff: Staff, now = new Date()): Promise<Readership> {
  allow(staff, "manager", "fundraiser");
  const nowSql = sql`${now.toISOString()}::timestamptz`;
  // Somebody whose address was corrected has left nothing: the row of the old address is a stub.
  const isCorrected = sql`exists (select from erasures e
    where e.what = 'subscriber' and e.what_id = s.subscriber_id and e.reason = 'correction')`;
  const byList = await db.execute<Readership["lists"][number]>(sql`
    select l.slug, l.name,
      count(*) filter (where ${isInAudience})::int as readers,
      count(*) filter (where s.state = 'confirmed' and not ${isInAudience})::int as held,
      count(*) filter (where s.state = 'pending' and s.expires_at > ${nowSql})::int as waiting,
      count(*) filter (where s.state = 'pending' and s.expires_at <= ${nowSql})::int as lapsed,
      count(*) filter (where s.state = 'unsubscribed' and not ${isCorrected})::int as left
    from lists l left join subscriptions s on s.list_id = l.id left join subscribers p on p.id = s.subscriber_id
    group by l.id order by l.position, l.slug`);
  const byReason = await db.execute<{ reason: keyof typeof unsubscribeReason | null; count: number }>(sql`
    select reason, count(*)::int as count from (
      select subscriber_id, unsubscribed_at, max(unsubscribe_reason) as reason
      from subscriptions s where state = 'unsubscribed' and not ${isCorrected} group by subscriber_id, unsubscribed_at
    ) unsubscriptions group by reason`);
  const countOf = (code: string) => byReason.find(({ reason }) => reason === code)?.count ?? 0;
  return {
    lists: [...byList],
    unsubscriptions: byReason.reduce((sum, { count }) => sum + count, 0),
    reasons: codes(unsubscribeReason)
      .map((reason) => ({ reason, count: countOf(reason) }))
      .toSorted((a, b) => b.count - a.count),
  };
}
