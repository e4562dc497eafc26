/** Messages of an issue that may or may not have arrived, and what a person decides about them. */

import { eq, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { newsletters } from "#db/schema/mail.ts";
import { wakeSenders } from "#emails/outbox/wake.ts";
import { findNewsletter, writers } from "./newsletters.ts";

/** Queues once more the messages of an issue that may or may not have arrived, since only a person can weigh a repeat against a loss. Returns how many. Throws Refused when there are none. */
export async function resendUncertain(staff: Staff, id: string): Promise<number> {
  allow(staff, ...writers);
  const count = await transaction(async (tx) => {
    await findNewsletter(tx, id);
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
