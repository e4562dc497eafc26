/** Taking the invented entries away: they stay as drafts, as patterns to write after, and are shown nowhere. */

import { sql } from "drizzle-orm";
import type { Transaction } from "#db/client.ts";

/** Revisions of the sample that a text shows, or will. */
const shown = sql`content_revisions r where r.content_id = t.content_id and r.locale = t.locale and r.origin = 'sample'`;

/**
 * Takes every invented text off the pages, with the consents that were invented for it. What staff wrote and published in
 * the same entry stays. Returns how many texts.
 */
export async function withdrawSampleContent(tx: Transaction): Promise<number> {
  await tx.execute(sql`
    delete from approvals a using content_revisions r
    where r.content_id = a.content_id and r.locale = a.locale and r.no = a.revision_no and r.origin = 'sample'`);
  await tx.execute(sql`
    update content_texts t set scheduled_no = null, publish_at = null, version = version + 1
    where exists (select from ${shown} and r.no = t.scheduled_no)`);
  const texts = await tx.execute(sql`
    update content_texts t set published_no = null, published_at = null, version = version + 1
    where exists (select from ${shown} and r.no = t.published_no) returning 1`);
  return texts.length;
}
