/** What every erasure records, whatever it erased: a row with the reason, a row of the audit trail, a tombstone. */

import { audit, type Staff } from "#db/actor.ts";
import { appendTombstone } from "#db/backup/logs.ts";
import type { Executor } from "#db/client.ts";
import { erasures } from "#db/schema/erasures.ts";
import type { ErasureReason } from "#db/terms/privacy.ts";

export interface Why {
  reason: ErasureReason;
  /** Null for a command and for retention. */
  by: Pick<Staff, "id"> | null;
  now: Date;
}

/**
 * Writes down one erasure inside the transaction that carries it out. A line goes to the tombstones, outside the
 * database (db/backup/logs.ts), so that a restored backup can forget again. Erasing again keeps the first reason.
 */
export async function recordErasure(
  tx: Executor,
  what: (typeof erasures.$inferInsert)["what"],
  whatId: string,
  { reason, by, now }: Why,
): Promise<void> {
  await tx
    .insert(erasures)
    .values({ what, whatId, reason, erasedBy: by?.id ?? null, erasedAt: now })
    .onConflictDoNothing();
  await audit(tx, by, "erase", what, whatId, { reason });
  // Before the commit: a tombstone too many does no harm, one too few would.
  appendTombstone({ at: now.toISOString(), [what]: whatId, reason });
}
