/** Which of several keys is the newest, asked of what it sealed: the database, or the store of the backups. */

import { lastBackupKey } from "#api/backup/last-key.ts";
import { vaultKeyId } from "#api/backup/take.ts";
import { configuredStore } from "#db/backup/store.ts";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { isInitialised, joinCluster } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import type { KeyKind } from "#db/vault/written-keys.ts";

/**
 * Id (hexadecimal) of the vault's key that wraps in the database of this installation, whether or not it is here. Undefined where
 * there is none, or it does not answer: keys are shown and typed without a database, too.
 */
export async function wrappingKey(): Promise<string | undefined> {
  if (env.DATABASE_URL !== undefined) return wrappingKeyAt(env.DATABASE_URL);
  if (!isInitialised(env.DATA_DIR)) return undefined;
  const cluster = await joinCluster(env.DATA_DIR).catch(() => undefined);
  try {
    return cluster && (await wrappingKeyAt(cluster.url));
  } finally {
    await cluster?.leave();
  }
}

async function wrappingKeyAt(url: string): Promise<string | undefined> {
  const owner = connectAsOwner(url);
  try {
    const id = await vaultKeyId(owner);
    return id === "" ? undefined : id;
  } catch {
    return undefined; // away, or before its first start
  } finally {
    await disconnect(owner);
  }
}

/** Id of the key of this kind that is in use, as far as anything here tells. */
export async function expectedKey(kind: KeyKind): Promise<string | undefined> {
  if (kind === "vault") return wrappingKey();
  if (env.BACKUP_DAYS === 0) return undefined;
  try {
    return await lastBackupKey(configuredStore());
  } catch {
    return undefined; // a store that does not answer tells nothing
  }
}
