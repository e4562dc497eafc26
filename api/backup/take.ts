/** Taking a base backup: the whole database and what else must come back, sealed, in one stream. */

import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { sql } from "drizzle-orm";
import { createTarPacker, type TarPackController } from "modern-tar";
import { backupKey } from "#db/backup/keys.ts";
import { copyLogs } from "#db/backup/logs.ts";
import { cut, partBytes, partHash } from "#db/backup/parts.ts";
import { sealObject, sealedSuffix, sealStream } from "#db/backup/seal.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { connectAsOwner, type Db, db, disconnect, type Executor } from "#db/client.ts";
import { copyCluster, type BaseBackup, type CopiedFile } from "#db/cluster/base-backup.ts";
import { env } from "#db/env.ts";
import { keyIdIn } from "#db/vault/cipher.ts";
import { keyIdOf } from "#db/vault/vault.ts";
import packageJson from "#package.json" with { type: "json" };
import { backupPace, paced } from "./pace.ts";
import {
  basePrefix,
  currentSet,
  backupFilesPrefix,
  idOf,
  type BackupManifest,
  partName,
  requireParts,
  writeManifest,
} from "./sets.ts";

/** Key of the advisory lock on which a second backup waits; any number. */
const advisoryLock = 7_203_117;

/** What of DATA_DIR goes into the stream beside the server's files and DATA_DIR/pages: its password, and last good copies. */
const copies = ["cluster.json", "settings.json", "content.json"];

interface Options {
  /** Whether nobody waits for it, so that it may take forty times as long. */
  isGentle?: boolean;
  /** Called where another backup is under way, which is waited for. */
  onWait?: () => void;
  /** Called with the bytes copied so far and those found. */
  onProgress?: (copied: number, all: number) => void;
  /** Of the database, with its owner's rights, while the pool is not open yet. */
  url?: string;
}

/**
 * Takes a base backup of the embedded database into the store, with the guides and the logs. It can be restored by itself, up
 * to the moment at which it ended. Of an attempt that fails nothing is left, and what a killed one left is deleted. Throws the errors
 * of database and store.
 */
export async function takeBackup(store: ObjectStore, options: Options): Promise<BackupManifest> {
  const owner = connectAsOwner(options.url);
  try {
    await lockBackups(owner, options.onWait);
    const startedAt = new Date();
    const set = currentSet(await systemIdentifier(owner));
    const id = idOf(startedAt);
    const rows = await countRows(owner);
    await deleteUnfinished(store, set);
    try {
      const { base, ...written } = await writeParts(store, { set, id }, owner, options);
      await copyGuides(store);
      await copyLogs(store);
      const manifest: BackupManifest = {
        ...{ format: 1, set, id, version: packageJson.version, startedAt, finishedAt: new Date() },
        ...{ ...base, ...written, vaultKey: await vaultKeyId(owner), rows },
      };
      await requireParts(store, `${basePrefix(set)}${id}/`, written.parts);
      await writeManifest(store, manifest);
      return manifest;
    } catch (error) {
      await deleteUnfinished(store, set).catch(() => {}); // the store may be what failed
      throw error;
    }
  } finally {
    await disconnect(owner);
  }
}

/** Tells one database from every other; a copy of its files keeps it. */
export async function systemIdentifier(owner: Db): Promise<string> {
  const [row] = await owner.execute<{ id: string }>(sql`select system_identifier::text as id from pg_control_system()`);
  return row?.id ?? "";
}

/** Id of the vault's key that wraps in this database, also before the vault is open. */
export async function vaultKeyId(owner: Db): Promise<string> {
  const [row] = await owner.execute<{ wrapped: Buffer }>(sql`select wrapped from vault_keys where name = 'index'`);
  return row ? keyIdIn(row.wrapped) : "";
}

/** The tables whose rows people ask about. */
const counted = [
  "cases",
  "consultations",
  "leads",
  "messages",
  "entries",
  "subscribers",
  "deliveries",
  "staff",
] as const;

/** How many rows the main tables hold; of an older version of the database, those that it has. */
export async function countRows(from: Executor = db): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of counted) {
    const [found] = await from.execute<{ is: boolean }>(sql`select to_regclass(${table}) is not null as is`);
    if (!found?.is) continue;
    const [row] = await from.execute<{ count: number }>(
      sql`select count(*)::int as count from ${sql.identifier(table)}`,
    );
    counts[table] = row?.count ?? 0;
  }
  return counts;
}

interface Written {
  base: BaseBackup;
  parts: number;
  partHashes: string[];
  bytes: number;
  sealedBytes: number;
}

/** Writes the parts of the stream while it is being made. */
async function writeParts(
  store: ObjectStore,
  name: Pick<BackupManifest, "set" | "id">,
  owner: Db,
  { isGentle = false, onProgress }: Options,
): Promise<Written> {
  const { readable, controller } = createTarPacker();
  const pace = backupPace(isGentle);
  let bytes = 0;
  const add = (file: CopiedFile) => {
    bytes += file.bytes;
    return addTo(controller, { ...file, path: `pg/${file.path}`, content: paced(file.content, pace) });
  };
  const packing = copyCluster(owner, env.DATA_DIR, add, onProgress)
    .then(async (base) => {
      for await (const file of filesToCopy()) await addTo(controller, file);
      controller.finalize();
      return base;
    })
    .catch((error: unknown) => {
      controller.error(error);
      throw error;
    });
  packing.catch(() => {}); // thrown below, where it is waited for
  const partHashes: string[] = [];
  let sealedBytes = 0;
  for await (const part of cut(sealStream(readable), partBytes)) {
    await store.put(partName(name, partHashes.length), part);
    partHashes.push(partHash(part));
    sealedBytes += part.length;
  }
  return { base: await packing, parts: partHashes.length, partHashes, bytes, sealedBytes };
}

async function addTo(controller: TarPackController, { path, bytes, content }: CopiedFile): Promise<void> {
  const isFolder = path.endsWith("/");
  const entry = controller.add({
    name: path,
    size: bytes,
    type: isFolder ? "directory" : "file",
    mode: isFolder ? 0o700 : 0o600,
  });
  const writer = entry.getWriter();
  if (!isFolder) for await (const chunk of content) await writer.write(chunk);
  await writer.close();
}

/** Those copies as they are now; one that was replaced meanwhile is read whole, old or new. */
async function* filesToCopy(): AsyncGenerator<CopiedFile> {
  for (const path of await pathsToCopy()) {
    const content = await readIfThere(join(env.DATA_DIR, path));
    if (content) yield { path: path.split(sep).join("/"), bytes: content.length, content: [content] };
  }
}

async function pathsToCopy(): Promise<string[]> {
  const pages = await readdir(join(env.DATA_DIR, "pages"), { withFileTypes: true, recursive: true }).catch(() => []);
  const files = pages.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return [...copies, ...files.map((path) => relative(env.DATA_DIR, path))];
}

/** Undefined where there is no such file. */
const readIfThere = (path: string): Promise<Buffer | undefined> =>
  readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });

/** One backup at a time: another one's unfinished objects would be taken for left ones. Held until the connection ends. */
async function lockBackups(owner: Db, onWait?: () => void): Promise<void> {
  const [row] = await owner.execute<{ isTaken: boolean }>(
    sql`select pg_try_advisory_lock(${advisoryLock}) as "isTaken"`,
  );
  if (row?.isTaken) return;
  onWait?.();
  await owner.execute(sql`select pg_advisory_lock(${advisoryLock})`);
}

/** Deletes the unfinished base backups of this set; only one is written at a time (lockBackups). */
async function deleteUnfinished(store: ObjectStore, set: string): Promise<void> {
  const objects = await store.list(basePrefix(set));
  const idIn = (name: string) => name.slice(basePrefix(set).length).split("/")[0];
  const finished = new Set(objects.flatMap(({ name }) => (name.includes("/manifest.json") ? [idIn(name)] : [])));
  for (const { name } of objects) if (!finished.has(idIn(name))) await store.delete(name);
}

/**
 * Puts the PDFs and pictures of guides that are not there yet into the store. Their names are hashes of their contents; the newest
 * key's own copies, since a backup has to open with that key alone.
 */
export async function copyGuides(store: ObjectStore): Promise<void> {
  const folder = join(env.DATA_DIR, "guides");
  const prefix = `${backupFilesPrefix}${keyIdOf(backupKey())}/guides/`;
  const known = new Set((await store.list(prefix)).map(({ name }) => name));
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const name = `${prefix}${entry.name}${sealedSuffix}`;
    if (!entry.isFile() || entry.name.endsWith(".new") || known.has(name)) continue;
    const content = await readIfThere(join(folder, entry.name));
    if (content) await store.put(name, await sealObject(content));
  }
}
