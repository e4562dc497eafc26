/** What every erasure records, whatever it erased: a row with the reason, a row of the audit trail, a tombstone. */

import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { erasures } from "#db/schema/erasures.ts";
import type { ErasureReason } from "#db/terms/privacy.ts";
import { audit, type Staff } from "./actor.ts";
import type { Executor } from "./client.ts";
import { env } from "./env.ts";

export interface Why {
  reason: ErasureReason;
  /** Null for a command and for retention. */
  by: Pick<Staff, "id"> | null;
  now: Date;
}

/**
 * Writes down one erasure inside the transaction that carries it out. A line goes to
 * DATA_DIR/tombstones.log, outside the database, so that a restored backup can forget again. Erasing
 * again keeps the first reason.
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
  const line = JSON.stringify({ at: now.toISOString(), [what]: whatId });
  appendFileSync(join(env.DATA_DIR, "tombstones.log"), `${line}\n`, { mode: 0o600, flush: true });
}
