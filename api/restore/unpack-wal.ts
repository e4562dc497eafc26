/** From a store to a folder: the write-ahead log since a base backup, laid beside what was unpacked of that. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { basePrefix, type LogGap, logSince, type BackupManifest } from "#api/backup/sets.ts";
import { altered, Damaged, open } from "#db/backup/seal.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { walFileAt, walFileBytes, type WalOrigin, walOrigin } from "#db/cluster/wal-files.ts";
import { NotFound, Refused } from "#db/errors.ts";
import type { OnProgress } from "./unpack.ts";

/**
 * Lays the log that was shipped since the base backup into the unpacked server's folder, as far as it is whole and that server's
 * own. Returns the gap at which it ends before the last object; undefined where there is none. Throws Damaged when what was
 * unpacked is not the base backup of this manifest.
 */
export async function unpackWal(
  store: ObjectStore,
  manifest: BackupManifest,
  folder: string,
  onProgress: OnProgress,
): Promise<LogGap | undefined> {
  const wal = join(folder, "pg", "pg_wal");
  const { system } = await originOf(manifest, wal);
  const { files, gap, countAfter } = await logSince(store, manifest);
  const all = files.filter(({ object }) => object !== undefined).length;
  let done = 0;
  for (const { name, ownBytes, object } of files) {
    if (!object) continue;
    const found = await openWal(store, object.name, { name, system });
    onProgress(++done, all);
    const bytes = typeof found === "string" ? 0 : found.length;
    // One shipped before the base backup ended may be shorter than the base's own.
    if (typeof found !== "string" && bytes >= ownBytes)
      await writeFile(join(wal, name), padded(found), { mode: 0o600 });
    if (Math.max(bytes, ownBytes) === walFileBytes) continue;
    const unused = countAfter(name);
    if (typeof found === "string") return { object: object.name, problem: found, unused };
    if (unused > 0) return { object: object.name, problem: "short", unused };
  }
  return gap;
}

/** What the base backup's own log, which begins with it, says of itself. */
async function originOf({ set, id, timeline, startLsn }: BackupManifest, wal: string): Promise<WalOrigin> {
  const name = walFileAt(timeline, startLsn);
  const content = await readFile(join(wal, name)).catch(() => undefined);
  const origin = content && walOrigin(content);
  if (origin?.name !== name)
    throw new Damaged(`The parts of ${basePrefix(set)}${id} belong to another backup, or the first ${altered}.`);
  return origin;
}

/** The content of an object of the log, or what is the matter with it. */
async function openWal(store: ObjectStore, object: string, expected: WalOrigin): Promise<Buffer | LogGap["problem"]> {
  try {
    const content = await open(await store.get(object));
    const origin = walOrigin(content);
    const isExpected = origin?.name === expected.name && origin.system === expected.system;
    return isExpected && content.length <= walFileBytes ? content : "foreign";
  } catch (error) {
    if (error instanceof NotFound) return "missing"; // deleted since it was listed
    if (error instanceof Damaged) return "damaged";
    if (error instanceof Refused) return "closed";
    throw error;
  }
}

/** What follows in the file is zeros, where recovery stops reading. */
function padded(content: Buffer): Buffer {
  const file = Buffer.alloc(walFileBytes);
  content.copy(file);
  return file;
}
