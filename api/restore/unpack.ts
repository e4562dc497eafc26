/** From a store to a folder: a base backup unpacked, and the write-ahead log since laid beside it. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { unpackTar } from "modern-tar/fs";
import { filesPrefix, type Manifest, partName, walPrefix } from "#api/backup/sets.ts";
import { open, openStream, sealedSuffix } from "#db/backup/seal.ts";
import type { ObjectStore, StoredObject } from "#db/backup/store.ts";
import { parseLsn, walFileBytes, walFileName, walParts } from "#db/cluster/wal-files.ts";
import { Refused } from "#db/errors.ts";

type Progress = (done: number, all: number) => void;

/** Unpacks a base backup into a folder that is empty or absent. Throws when a part is missing or was altered. */
export async function unpackBase(store: ObjectStore, manifest: Manifest, folder: string, onProgress: Progress) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const parts = async function* () {
    for (let number = 0; number < manifest.parts; number++) {
      yield await store.get(partName(manifest, number));
      onProgress(number + 1, manifest.parts);
    }
  };
  await pipeline(Readable.from(openStream(parts()), { objectMode: false }), unpackTar(folder));
}

/**
 * Lays the log that was shipped since the base backup into the unpacked server's folder, as far as it is without a gap.
 * Returns the number of its files.
 */
export async function unpackWal(store: ObjectStore, manifest: Manifest, folder: string, onProgress: Progress) {
  const prefix = walPrefix(manifest.set);
  const shipped = new Set(
    (await store.list(prefix)).map(({ name }) => name.slice(prefix.length, -sealedSuffix.length)),
  );
  const own = walParts(manifest.timeline, manifest.startLsn, manifest.stopLsn);
  const ownBytes = new Map(own.map(({ name, bytes }) => [name, bytes]));
  let number = parseLsn(manifest.startLsn) / BigInt(walFileBytes);
  const all = [...shipped].filter((name) => name >= walFileName(manifest.timeline, number)).length;
  for (let done = 0; ; number++) {
    const name = walFileName(manifest.timeline, number);
    if (!shipped.has(name)) {
      if (ownBytes.has(name)) continue;
      return done;
    }
    const content = await open(await store.get(`${prefix}${name}${sealedSuffix}`));
    // One shipped before the base backup ended may be shorter than the base's own.
    if (content.length >= (ownBytes.get(name) ?? 0)) {
      const padded = Buffer.alloc(walFileBytes);
      content.copy(padded);
      await writeFile(join(folder, "pg", "pg_wal", name), padded, { mode: 0o600 });
    }
    onProgress(++done, all);
  }
}

/** Names of our own alone: whoever may write to a bucket must not choose where a file lands. Before the key's id was in it, there was one copy. */
const fileName = /^files\/(?:[\da-f]+\/)?(guides\/[\w-][\w.-]*)\.zst\.age$/u;

/**
 * Brings back the files that lie beside the database, each from a copy that a key here opens. Returns the names of those of which
 * no copy opens: the database is worth having without them.
 */
export async function unpackFiles(store: ObjectStore, folder: string): Promise<string[]> {
  const copies = Map.groupBy(
    (await store.list(filesPrefix)).filter(({ name }) => fileName.test(name)),
    ({ name }) => fileName.exec(name)?.[1] ?? "",
  );
  const unopened: string[] = [];
  for (const [name, objects] of copies) {
    const content = await openFirst(store, objects);
    if (content === undefined) {
      unopened.push(name);
      continue;
    }
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, content, { mode: 0o600 });
  }
  return unopened;
}

async function openFirst(store: ObjectStore, objects: readonly StoredObject[]): Promise<Buffer | undefined> {
  for (const { name } of objects) {
    const sealed = await store.get(name);
    try {
      return await open(sealed);
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // no key here opens this copy
    }
  }
  return undefined;
}
