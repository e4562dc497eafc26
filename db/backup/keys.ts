/**
 * The key of the backups: BACKUP_KEY, or DATA_DIR/backup.key, which is made with the vault's at the first start
 * (db/vault/stored-keys.ts). The first of several seals, all open. It is the 32 bytes of an X25519 key of the age format.
 */

import { bech32 } from "@scure/base";
import { identityToRecipient } from "age-encryption";
import { Refused } from "#db/errors.ts";
import { backupKeyStore } from "#db/vault/stored-keys.ts";

/** Newest first. */
export const backupKeys = (): Buffer[] => backupKeyStore.keys();

/** The one that seals. Throws Refused when there is none. */
export function backupKey(): Buffer {
  const [newest] = backupKeys();
  if (newest) return newest;
  throw new Refused(
    "There is no key for backups here. If it was written down, type it in: npm run -s cli -- keys enter backup (or set BACKUP_KEY to it).",
  );
}

/** "AGE-SECRET-KEY-1…", with which `age` itself opens a backup. */
export const backupIdentity = (key: Buffer): string => bech32.encodeFromBytes("age-secret-key-", key).toUpperCase();

/** "age1…", for which a backup is sealed. */
export const backupRecipient = (key: Buffer): Promise<string> => identityToRecipient(backupIdentity(key));
