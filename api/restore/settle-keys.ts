/** After a restore or an import: which of several keys comes first, as database and backup tell it. */

import { lastBackupKey } from "#api/backup/last-key.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { type KeyStore, keyStores } from "#db/vault/stored-keys.ts";
import { keyIdOf, knownKeyIds } from "#db/vault/vault.ts";

/**
 * Puts the key that wraps in the database that came back, and the one that sealed the newest of its backups, before the others of
 * their files: people type them in any order, and with the first the next backup is sealed, and the next rotation begun. The
 * vault must be open. Returns sentences for the administrator: of several keys, which is in use.
 */
export async function settleKeys(store: ObjectStore | undefined, set?: string): Promise<string[]> {
  const newest = { vault: knownKeyIds()[0], backup: store && (await lastBackupKey(store, set)) };
  return keyStores.flatMap((keys) => settle(keys, newest[keys.kind]));
}

function settle(
  { kind, keys, variable, variableKeys, putFirst, path }: KeyStore,
  newest: string | undefined,
): string[] {
  const all = keys();
  const ids = [...new Set(all.map(keyIdOf))];
  const first = all.find((key) => keyIdOf(key) === newest);
  if (!first || ids.length < 2) return [];
  const others = ids.filter((id) => id !== newest).join(", ");
  const sentence = `The ${kind} key in use is ${newest}; kept to open older things: ${others}.`;
  if (all[0]?.equals(first)) return [sentence];
  if (variableKeys() !== undefined)
    return [
      `${variable} begins with key ${ids[0]}, but the newest is ${newest}: put that first, before the product is started.`,
    ];
  putFirst(first);
  return [`${sentence} It stands first in ${path()} now.`];
}
