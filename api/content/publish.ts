/** What of a text is public, and when: each verb is one transaction on one language of one entry. */

import { sql } from "drizzle-orm";
import type { Transaction } from "#db/client.ts";
import type { Locale } from "#db/terms/locale.ts";

/**
 * Moves a scheduled revision that is shown by now into `published_no`, as the view content_periods already has it; before
 * any other change of the row, which would otherwise forget it. Changes nothing that anybody sees.
 */
export async function settleText(tx: Transaction, contentId: string, locale: Locale, now: Date): Promise<void> {
  await tx.execute(sql`
    update content_texts t
    set published_no = t.scheduled_no, published_at = t.publish_at, scheduled_no = null, publish_at = null
    where t.content_id = ${contentId} and t.locale = ${locale} and exists (
      select from content_periods p
      where p.content_id = t.content_id and p.locale = t.locale and p.revision_no = t.scheduled_no
        and p.shown_from <= ${now.toISOString()}::timestamptz
    )`);
}
