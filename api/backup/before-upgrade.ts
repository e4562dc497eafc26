/** A backup is taken before an upgrade changes the database. */

import { configuredStore } from "#db/backup/store.ts";
import { env } from "#db/env.ts";
import { adminMessage } from "#db/errors.ts";
import { backupKeyStore } from "#db/vault/stored-keys.ts";
import type { KeyKind } from "#db/vault/written-keys.ts";
import { exportToStore } from "./exports.ts";
import { takeBackup } from "./take.ts";

/** A product that was killed leaves the gentle backup that it had begun, which may take hours yet. */
const onWait = () =>
  void process.stderr.write(
    "Another backup is under way, perhaps one that was left when the product was killed, and slow. The upgrade goes on when it has ended; to go on at once, end the process whose command is `api/cli.ts backup --gentle`.\n",
  );

/**
 * Takes a backup of the database as the version before left it, to where backups go. Nothing where they are switched off
 * (BACKUP_DAYS=0). Throws, and by that stops the upgrade, with a sentence that says what to do. Returns the keys made for it.
 */
export async function backUpBeforeUpgrade(url: string): Promise<KeyKind[]> {
  if (env.BACKUP_DAYS === 0) return [];
  const made: KeyKind[] = backupKeyStore.create() ? ["backup"] : [];
  process.stderr.write("The database is of an older version: taking a backup before it is changed …\n");
  try {
    const store = configuredStore();
    await (env.DATABASE_URL === undefined ? takeBackup(store, { url, onWait }) : exportToStore(store, { url }));
    return made;
  } catch (error) {
    const reason = adminMessage(error);
    throw new Error(
      `No backup could be taken, so the database was not changed: ${reason}\nSet the place of the backups right (BACKUP_DIR, BACKUP_S3_…), or start once with BACKUP_DAYS=0.`,
      { cause: error },
    );
  }
}
