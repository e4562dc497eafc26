/** What happens to issues by themselves, with time and with what became of their messages. */

import { sql } from "drizzle-orm";
import { db } from "#db/client.ts";

/** Brings every issue's state up to date. Cheap and safe to repeat: the sender calls it with every poll and whenever it finds no more work. */
export async function advanceNewsletters(): Promise<void> {
  await complete();
}

/** Sets every issue that is being sent to `sent` once none of its messages is queued, leased or to be retried. */
async function complete(): Promise<void> {
  await db.execute(sql`
    update newsletters n set state = 'sent', finished_at = now()
    where n.state = 'sending' and not exists (
      select 1 from deliveries d
      where d.newsletter_id = n.id and d.kind = 'newsletter' and d.state in ('queued', 'retry', 'leased'))`);
}
