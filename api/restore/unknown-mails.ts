/** Until when mails may have gone out before a loss that no log names: one rule for restores and imports. */

import type { ObjectStore } from "#db/backup/store.ts";

/** From the last shipment on, so long may a bucket's copy of the logs be behind, with some reserve. */
const behindMs = 120_000;

interface LogCopies {
  /** Whether the running product copied its logs there, and not somebody a backup by hand. */
  areThere: boolean;
  /** When what is copied together with them was copied last; undefined where there is no such thing. */
  shippedAt?: Date;
}

/**
 * Undefined where the logs are complete: those beside backups in a folder are written at once. A bucket gets them a little
 * later than they are written; nobody knows when a loss came after the last copy, unless something is shipped all the time.
 */
export function unknownUntil({ folder }: ObjectStore, { areThere, shippedAt }: LogCopies): Date | undefined {
  if (areThere && folder !== undefined) return undefined;
  return areThere && shippedAt ? new Date(shippedAt.getTime() + behindMs) : new Date();
}
