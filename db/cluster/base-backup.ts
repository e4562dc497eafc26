/**
 * A copy of the running server's files from which it can be restored: pg_backup_start, the files as they are, and
 * pg_backup_stop, with the log of meanwhile (PostgreSQL 18, chapter 25.3.4; what is left out is in 25.3.4.2).
 */

import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { readWal, walFileBytes, walParts } from "./wal-files.ts";

/** A file of the copy, by its path below the server's folder. The content has exactly `bytes` bytes. */
export interface CopiedFile {
  path: string;
  bytes: number;
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** What the copy holds, in positions of the write-ahead log. */
export interface BaseBackup {
  timeline: number;
  startLsn: string;
  stopLsn: string;
}

/** Folders that are copied empty: PostgreSQL makes their content anew at its start. */
const emptied = new Set([
  ...["pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"],
]);
const leftOut =
  /^(?:postmaster\.(?:pid|opts)|backup_label|tablespace_map|pg_internal\.init.*|pgsql_tmp.*|t\d+_\d+.*)$/u;

const folders = ["pg_wal/archive_status", "pg_wal/summaries"];

/**
 * Hands each file to `add`, one after the other, and empty folders as paths that end in "/". `owner` is one connection
 * with the rights of a superuser; it is busy until the end. `onProgress` is called with the bytes copied so far and those found. The
 * checkpoint before it is made at once: intake does not notice that, and a spread one takes minutes. Throws what `add` throws; the server then ends the backup by itself.
 */
export async function copyCluster(
  owner: Db,
  dataDir: string,
  add: (file: CopiedFile) => Promise<void>,
  onProgress: (copied: number, all: number) => void = () => {},
): Promise<BaseBackup> {
  // Keeps the log of meanwhile; gone with the connection.
  await owner.execute(sql`select pg_create_physical_replication_slot('komichi_base_' || pg_backend_pid(), true, true)`);
  const [start] = await owner.execute<{ lsn: string }>(sql`select pg_backup_start('komichi', true)::text as lsn`);
  const files = await filesOf(join(dataDir, "pg"));
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let copied = 0;
  for (const { path, bytes } of files) {
    await add({ path, bytes, content: readExactly(join(dataDir, "pg", path), bytes) });
    onProgress((copied += bytes), all);
  }
  const [stop] = await owner.execute<{ lsn: string; label: string; timeline: number }>(sql`
    select lsn::text, labelfile as label, ('x' || substr(pg_walfile_name(lsn), 1, 8))::bit(32)::int as timeline
    from pg_backup_stop(false)`);
  if (!start || !stop) throw new Error("PostgreSQL did not end the backup");
  await addText(add, "backup_label", stop.label);
  for (const part of walParts(stop.timeline, start.lsn, stop.lsn)) {
    const content = Buffer.alloc(walFileBytes); // what follows the backup's end is zeros, where recovery stops reading
    (await readWal(dataDir, part)).copy(content);
    await add({ path: `pg_wal/${part.name}`, bytes: content.length, content: [content] });
  }
  return { timeline: stop.timeline, startLsn: start.lsn, stopLsn: stop.lsn };
}

const addText = (add: (file: CopiedFile) => Promise<void>, path: string, text: string) => {
  const content = Buffer.from(text);
  return add({ path, bytes: content.length, content: [content] });
};

/** What is to be copied, with pg_control last: from it recovery would begin if backup_label were lost. */
async function filesOf(root: string): Promise<{ path: string; bytes: number }[]> {
  const found: { path: string; bytes: number }[] = [];
  const walk = async (below: string) => {
    const entries = await readdir(join(root, below), { withFileTypes: true });
    const unlogged = new Set(entries.flatMap(({ name }) => /^(\d+)_init$/u.exec(name)?.[1] ?? []));
    for (const entry of entries) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (leftOut.test(entry.name)) continue;
      if (entry.isDirectory()) {
        found.push({ path: `${path}/`, bytes: 0 });
        if (!emptied.has(path)) await walk(path);
        continue;
      }
      if (isUnlogged(entry.name, unlogged)) continue;
      const bytes = await stat(join(root, path)).then(
        ({ size }) => size,
        () => undefined,
      );
      if (bytes !== undefined) found.push({ path, bytes });
    }
  };
  await walk("");
  for (const path of folders) found.push({ path: `${path}/`, bytes: 0 });
  const isControl = (path: string) => Number(path === "global/pg_control");
  return found.toSorted((a, b) => isControl(a.path) - isControl(b.path));
}

/** The content of an unlogged table: PostgreSQL empties it after every crash, from the file that ends in "_init". */
function isUnlogged(name: string, unlogged: ReadonlySet<string>): boolean {
  const [, relation = ""] = /^(\d+)(?:_fsm|_vm)?(?:\.\d+)?$/u.exec(name) ?? [];
  return unlogged.has(relation);
}

/** The file's first `bytes` bytes. Where it has become shorter or is gone, zeros: the log holds what happened to it. */
async function* readExactly(path: string, bytes: number): AsyncGenerator<Uint8Array> {
  if (bytes === 0) return;
  let left = bytes;
  try {
    for await (const chunk of createReadStream(path, { end: bytes - 1, highWaterMark: 1024 * 1024 })) {
      left -= (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  for (; left > 0; left -= Math.min(left, zeros.length)) yield zeros.subarray(0, Math.min(left, zeros.length));
}

const zeros = Buffer.alloc(64 * 1024);
