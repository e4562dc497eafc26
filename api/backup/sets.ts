/**
 * How backups are laid out in a store. A set is the life of one database: its base backups, and the write-ahead log
 * since the first of them. A new database, and one that was restored, begin a new set, so that nothing ever writes
 * over another's backups.
 *
 *   sets/SET/base/ID/manifest.json.zst.age   written last: a base without one is unfinished
 *   sets/SET/base/ID/0000.part …             one sealed tar of the server's files and copies of pages, cut into parts
 *   sets/SET/wal/NAME.zst.age                the log, each file rewritten as it grows
 *   files/KEY/guides/…                       PDFs of guides, named by the hash of their content, sealed for the key of that id
 *   logs/…                                   tombstones and acceptances (db/backup/logs.ts)
 *   place-ID                                 the mark by which the folder is known (db/backup/place.ts)
 */

import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isAhead } from "#api/backup-health/ahead.ts";
import { altered, open, openingKey, sealObject, sealedSuffix } from "#db/backup/seal.ts";
import type { ObjectStore, StoredObject } from "#db/backup/store.ts";
import { parseLsn, walFileBytes, walFileName, walParts } from "#db/cluster/wal-files.ts";
import { env } from "#db/env.ts";
import { Refused } from "#db/errors.ts";
import { keyIdOf } from "#db/vault/vault.ts";

const instant = z.iso.datetime().transform((text) => new Date(text));

const Manifest = z.object({
  format: z.literal(1),
  set: z.string(),
  id: z.string(),
  /** Of the product that took it. */
  version: z.string(),
  startedAt: instant,
  finishedAt: instant,
  /** Positions in the write-ahead log. */
  timeline: z.int(),
  startLsn: z.string(),
  stopLsn: z.string(),
  parts: z.int(),
  /** SHA-256 (hexadecimal) of each sealed part; absent in backups of before it was written. */
  partHashes: z.array(z.string()).optional(),
  /** Of the files before compressing, and of the parts. */
  bytes: z.int(),
  sealedBytes: z.int(),
  /** Id (hexadecimal) of the vault's key without which its words stay closed. */
  vaultKey: z.string(),
  /** Rows by table when it was begun. */
  rows: z.record(z.string(), z.int()),
});

/** What a base backup says of itself. */
export type BackupManifest = z.output<typeof Manifest>;

export const basePrefix = (set: string) => `sets/${set}/base/`;
export const walPrefix = (set: string) => `sets/${set}/wal/`;
export const backupFilesPrefix = "files/";
export const partName = ({ set, id }: Pick<BackupManifest, "set" | "id">, number: number) =>
  `${basePrefix(set)}${id}/${String(number).padStart(4, "0")}.part`;
export const backupManifestName = ({ set, id }: Pick<BackupManifest, "set" | "id">) =>
  `${basePrefix(set)}${id}/manifest.json${sealedSuffix}`;

/** "20261128T162000Z", UTC: ids sort by time. */
export const idOf = (at: Date): string => at.toISOString().replace(/[-:]|\.\d+/gu, "");

/** Writes the manifest, and by that makes the base backup one. */
export async function writeManifest(store: ObjectStore, manifest: BackupManifest): Promise<void> {
  await store.put(backupManifestName(manifest), await sealObject(Buffer.from(JSON.stringify(manifest))));
}

/** A base backup that a key here opens. */
export interface Base extends BackupManifest {
  /** Id (hexadecimal) of the backups' key that opens it. */
  backupKey: string;
}

/** A base backup of which nothing can be read. */
export interface ClosedBase extends Pick<BackupManifest, "set" | "id"> {
  /** True where its manifest was altered; false where no key here opens it, such as after the backup's key was lost. */
  isDamaged: boolean;
}

/** The finished base backups of a store. */
export interface Bases {
  /** Those that a key here opens, oldest first. */
  bases: Base[];
  /** The others, oldest first. */
  closed: ClosedBase[];
  /** What hinders opening them. */
  refusal: Refused | undefined;
}

/** Reads what each base backup of a store says of itself. One that does not open hinders nothing. */
export async function readBases(store: ObjectStore): Promise<Bases> {
  const found: Bases = { bases: [], closed: [], refusal: undefined };
  for (const { name } of await store.list("sets/")) {
    const [, set, id] = /^sets\/([^/]+)\/base\/([^/]+)\/manifest\.json/u.exec(name) ?? [];
    if (set === undefined || id === undefined) continue;
    const sealed = await store.get(name);
    try {
      const manifest = Manifest.parse(JSON.parse((await open(sealed)).toString()));
      if (manifest.set !== set || manifest.id !== id) throw new Error("the manifest of another base backup");
      const key = await openingKey(sealed);
      found.bases.push({ ...manifest, backupKey: key ? keyIdOf(key) : "" });
    } catch (error) {
      const isDamaged = !(error instanceof Refused);
      found.closed.push({ set, id, isDamaged });
      found.refusal = isDamaged
        ? (found.refusal ?? new Refused(`${name} ${altered}, or is of a newer version.`))
        : error;
    }
  }
  found.closed.sort((a, b) => (a.id < b.id ? -1 : 1));
  found.bases.sort((a, b) => a.finishedAt.getTime() - b.finishedAt.getTime());
  return found;
}

/** The newest of backups that are sorted by age. One whose date lies ahead is none: it may be older than all others. */
export const newestIn = <T extends { finishedAt: Date }>(backups: readonly T[], now: Date): T | undefined =>
  backups.findLast(({ finishedAt }) => !isAhead(finishedAt, now));

/** Every base backup that a key here opens, oldest first. Throws Refused when there are some and none opens. */
export async function listBases(store: ObjectStore): Promise<Base[]> {
  const { bases, refusal } = await readBases(store);
  if (bases.length === 0 && refusal) throw refusal;
  return bases;
}

/** The objects of one base backup, its parts and its manifest. */
export const objectsOf = (
  store: ObjectStore,
  { set, id }: Pick<BackupManifest, "set" | "id">,
): Promise<StoredObject[]> => store.list(`${basePrefix(set)}${id}/`);

/**
 * Before a manifest is written: throws where parts of what is being written are gone, since another process took it for left by a
 * killed one. Such as after the machine has slept.
 */
export async function requireParts(store: ObjectStore, prefix: string, parts: number): Promise<void> {
  if ((await store.list(prefix)).length < parts)
    throw new Error("Parts of this backup were deleted while it was being written. Please take it again.");
}

/** Where the log of a set breaks off: nothing after it can be replayed. */
export interface LogGap {
  /** The object that is missing, or of no use. */
  object: string;
  problem: "missing" | "damaged" | "closed" | "foreign" | "short";
  /** How many later objects are of no use without it. */
  unused: number;
}

/** The log that a store holds from the beginning of a base backup on. */
export interface ShippedLog {
  /**
   * The files that follow one another, the first of which is the one in which the base backup began. `ownBytes`: how much of it the base
   * backup holds itself; `object` is undefined where that is all of it and nothing was shipped.
   */
  files: { name: string; ownBytes: number; object: StoredObject | undefined }[];
  /** What is missing behind them; undefined where there is nothing later. */
  gap: LogGap | undefined;
  /** How many objects lie behind the file of that name. */
  countAfter: (name: string) => number;
}

/** What names tell of the log since a base backup; whether contents are those that were written shows when they are opened. */
export async function logSince(store: ObjectStore, base: BackupManifest): Promise<ShippedLog> {
  const prefix = walPrefix(base.set);
  const nameIn = (object: string) => object.slice(prefix.length, -sealedSuffix.length);
  const shipped = new Map((await store.list(prefix)).map((object) => [nameIn(object.name), object]));
  const own = new Map(walParts(base.timeline, base.startLsn, base.stopLsn).map(({ name, bytes }) => [name, bytes]));
  const isOfTimeline = (name: string) =>
    name.length === 24 && name.startsWith(walFileName(base.timeline, 0n).slice(0, 8));
  const countAfter = (last: string) => [...shipped.keys()].filter((name) => isOfTimeline(name) && name > last).length;
  const files: ShippedLog["files"] = [];
  for (let number = parseLsn(base.startLsn) / BigInt(walFileBytes); ; number++) {
    const name = walFileName(base.timeline, number);
    const [ownBytes, object] = [own.get(name) ?? 0, shipped.get(name)];
    if (object || ownBytes === walFileBytes) {
      files.push({ name, ownBytes, object });
      continue;
    }
    const unused = countAfter(name);
    const missing: LogGap = { object: `${prefix}${name}${sealedSuffix}`, problem: "missing", unused };
    return { files, countAfter, gap: unused === 0 ? undefined : missing };
  }
}

const currentPath = () => join(env.DATA_DIR, "backup-set.json");
const Current = z.object({ set: z.string(), database: z.string() });

/**
 * The set of the database in DATA_DIR; begins one where there is none, or where the noted one is another database's
 * (its system identifier tells).
 */
export function currentSet(database: string): string {
  const noted = notedSet();
  if (noted?.database === database) return noted.set;
  const set = `${idOf(new Date())}-${randomBytes(3).toString("hex")}`;
  const path = currentPath();
  writeFileSync(`${path}.new`, JSON.stringify({ set, database }), { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
  return set;
}

/** The set that DATA_DIR notes as its own; undefined where none was noted, or half of one. */
export function notedSet(): z.output<typeof Current> | undefined {
  try {
    return Current.parse(JSON.parse(readFileSync(currentPath(), "utf8")));
  } catch {
    return undefined;
  }
}

/** The next backup begins a new set. */
export const endSet = (): void => rmSync(currentPath(), { force: true });
