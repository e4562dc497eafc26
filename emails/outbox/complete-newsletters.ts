/** When an issue has been sent: nothing of it waits or is under way. */

import { sql } from "drizzle-orm";
import { db } from "#db/client.ts";

/** Marks an issue as sent once nothing of it is waiting or under way. Cheap; the sender calls it when idle. */
export async function completeNewsletters(): Promise<void> {
  await db.execute(sql`
    update newsletters n set state = 'sent'
    where n.state = 'sending' and not exists (
      select 1 from deliveries d
      where d.newsletter_id = n.id and d.kind = 'newsletter' and d.state in ('queued', 'retry', 'leased'))`);
}
