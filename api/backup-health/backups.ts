/** What managers see of the backups. */

import { desc } from "drizzle-orm";
import { allow, type Staff } from "#db/actor.ts";
import { configuredStore, exportsPrefix } from "#db/backup/store.ts";
import { db } from "#db/client.ts";
import { restores } from "#db/schema/restores.ts";
import { settings } from "#db/settings/settings.ts";
import { type BackupHealth, backupHealth, isBesideData } from "./health.ts";

export interface Backups extends BackupHealth {
  /** Folder or bucket, for people. */
  place: string;
  /** Whether that is the disk of what it protects. */
  isBesideData: boolean;
  /** Days that backups are kept. */
  days: number;
  /** Restores of this database, newest first. */
  restores: (typeof restores.$inferSelect & { isAnythingLost: boolean })[];
}

/**
 * Whether something is known to be lost: a moment before the end was chosen, it was an export, which is made once a night, the log had
 * a gap, or mails went out of which the database knows nothing.
 */
const isAnythingLost = ({ backup, requestedAt, counts }: typeof restores.$inferSelect) =>
  requestedAt !== null || backup.startsWith(exportsPrefix) || counts.gap !== undefined || (counts.lost ?? 0) > 0;

/** Throws Forbidden. */
export async function readBackups(staff: Staff, now = new Date()): Promise<Backups> {
  allow(staff, "manager");
  const found = await db.select().from(restores).orderBy(desc(restores.restoredAt)).limit(20);
  return {
    ...(await backupHealth(now)),
    place: configuredStore().description,
    isBesideData: await isBesideData(),
    days: settings().values.keep_backup_days,
    restores: found.map((restore) => ({ ...restore, isAnythingLost: isAnythingLost(restore) })),
  };
}
