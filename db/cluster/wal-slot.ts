/** The replication slot by which PostgreSQL keeps its write-ahead log until a backup has it. */

import { sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { type WalPart, walParts } from "./wal-files.ts";

/** Its name. */
export const backupSlot = "komichi_backup";

/** What of the log is on the disk and was not shipped yet. */
export interface PendingWal {
  parts: WalPart[];
  /** Position up to which the parts reach. */
  end: string;
  /** True when the slot was made just now, or had been lost: earlier log is gone, and only a new base backup helps. */
  isNew: boolean;
}

/** The log since the last shipment; makes the slot where there is none. `owner` has a superuser's rights. */
export async function pendingWal(owner: Db): Promise<PendingWal> {
  const isNew = await ensureSlot(owner);
  const [row] = await owner.execute<{ start: string; end: string; timeline: number }>(sql`
    select restart_lsn::text as start, pg_current_wal_flush_lsn()::text as end,
      ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int as timeline
    from pg_replication_slots where slot_name = ${backupSlot}`);
  if (!row) throw new Error("the replication slot of the backups is gone");
  const { start, end, timeline } = row;
  return { parts: start === end ? [] : walParts(timeline, start, end), end, isNew };
}

/** Whether it had to be made. */
async function ensureSlot(owner: Db): Promise<boolean> {
  const [found] = await owner.execute<{ lost: boolean }>(
    sql`select wal_status = 'lost' as lost from pg_replication_slots where slot_name = ${backupSlot}`,
  );
  if (found?.lost === false) return false;
  if (found) await dropSlot(owner);
  await owner.execute(sql`select pg_create_physical_replication_slot(${backupSlot}, true)`);
  return true;
}

/** PostgreSQL need not keep the log before `end` any longer. */
export async function releaseWal(owner: Db, end: string): Promise<void> {
  await owner.execute(sql`select pg_replication_slot_advance(${backupSlot}, ${end}::pg_lsn)`);
}

/** Keeps no log for backups any more. */
export async function dropSlot(owner: Db): Promise<void> {
  await owner.execute(
    sql`select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${backupSlot} and not active`,
  );
}
