/** When the state of an issue changes from `sending` to `sent`. */

import { sql } from "drizzle-orm";
import { db } from "#db/client.ts";

/** Sets every issue that is being sent to `sent` once none of its messages is queued, leased or to be retried. Cheap: the sender calls it whenever it finds no more work. */
export async function completeNewsletters(): Promise<void> {
  await db.execute(sql`
    update newsletters n set state = 'sent'
    where n.state = 'sending' and not exists (
      select 1 from deliveries d
      where d.newsletter_id = n.id and d.kind = 'newsletter' and d.state in ('queued', 'retry', 'leased'))`);
}
