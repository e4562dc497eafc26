/** Sending an issue, once, to everyone who has confirmed its list. */

import { eq, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { newsletters } from "#db/schema/mail.ts";
import { senderDomain } from "#emails/addresses.ts";
import { audienceOf } from "#emails/lists/audience.ts";
import { wakeSenders } from "#emails/outbox/wake.ts";
import { findDraft, requireContent, writers } from "./newsletters.ts";

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
        select uuidv7() as id, subscriber_id from ${audienceOf(issue.listId)} a
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
