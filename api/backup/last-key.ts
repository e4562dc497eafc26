/** Which of several keys of the backups is the newest: what was sealed last tells it, not the order in which people typed them. */

import { openingKey } from "#db/backup/seal.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { walParts } from "#db/cluster/wal-files.ts";
import { keyIdOf } from "#db/vault/vault.ts";
import { keyOfExport, listExports } from "./exports.ts";
import { readBases, walPrefix } from "./sets.ts";

/**
 * Id (hexadecimal) of the key that opens what was sealed last in a store: of this set or, where none is named, of its newest
 * database. Undefined where there is nothing, or no key here opens it. Names tell what came last, since a copied file is new.
 */
export async function lastBackupKey(store: ObjectStore, set?: string): Promise<string | undefined> {
  const { bases, closed } = await readBases(store);
  const all = [...bases, ...closed].filter((base) => set === undefined || base.set === set);
  const last = all.toSorted((a, b) => (a.id < b.id ? -1 : 1)).at(-1);
  const exported = set === undefined ? (await listExports(store)).at(-1) : undefined;
  if (exported && (last === undefined || exported.id > last.id)) return keyOfExport(store, exported);
  if (last === undefined) return undefined;
  const base = bases.find(({ id }) => id === last.id);
  const prefix = walPrefix(last.set);
  const log = (await store.list(prefix)).at(-1);
  // A base backup ends with its file of the log: what lies in a later one was written, and sealed, after it.
  const ownLog = base && walParts(base.timeline, base.startLsn, base.stopLsn).at(-1)?.name;
  if (!log || (ownLog !== undefined && log.name.slice(prefix.length, prefix.length + ownLog.length) <= ownLog))
    return base?.backupKey;
  const key = await openingKey(await store.get(log.name));
  return key && keyIdOf(key);
}
