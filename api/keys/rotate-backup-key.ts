/** A new key for the backups. Those taken before stay sealed for the old one, which stays beside it. */

import { randomBytes } from "node:crypto";
import { Refused } from "#db/errors.ts";
import { newKeysWarning } from "#db/vault/key-sheet.ts";
import { backupKeyStore as store } from "#db/vault/stored-keys.ts";
import { keyIdOf } from "#db/vault/vault.ts";

/**
 * Puts a new key first into backup.key, from which every process reads it when it seals next, and prints it. Throws Refused
 * where BACKUP_KEY is set, which no command can write.
 */
export function rotateBackupKey(print: (sentence: string) => void): { id: string; older: number } {
  if (store.variableKeys() !== undefined)
    throw new Refused(
      `BACKUP_KEY is set, which no command can write. Store BACKUP_KEY="NEW,OLD" (both keys, a comma between) where the processes are
started from, and restart each of them. Make a key with: openssl rand -base64 32`,
    );
  const key = randomBytes(32);
  store.add(key, "first");
  print(newKeysWarning(["backup"]));
  return { id: keyIdOf(key), older: store.keys().length - 1 };
}
