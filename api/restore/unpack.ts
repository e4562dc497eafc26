/** From a store to a folder: a base backup unpacked, and the files that lie beside the database. */

import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { unpackTar } from "modern-tar/fs";
import { basePrefix, backupFilesPrefix, type BackupManifest, partName } from "#api/backup/sets.ts";
import { partHash } from "#db/backup/parts.ts";
import { altered, Damaged, open, openStream } from "#db/backup/seal.ts";
import type { ObjectStore, StoredObject } from "#db/backup/store.ts";
import { NotFound, Refused } from "#db/errors.ts";

export type OnProgress = (done: number, all: number) => void;

/** Unpacks a base backup into a folder that is empty or absent. Throws Damaged, with the object's name, when a part is missing, was altered or is another's. */
export async function unpackBase(store: ObjectStore, manifest: BackupManifest, folder: string, onProgress: OnProgress) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const parts = async function* () {
    for (let number = 0; number < manifest.parts; number++) {
      yield await partOf(store, manifest, number);
      onProgress(number + 1, manifest.parts);
    }
  };
  try {
    await pipeline(Readable.from(openStream(parts()), { objectMode: false }), unpackTar(folder));
  } catch (error) {
    // Without hashes nobody knows which part it is.
    if (error instanceof Damaged && error.message === altered)
      throw new Damaged(`A part of ${basePrefix(manifest.set)}${manifest.id} ${altered}.`, { cause: error });
    throw error;
  }
}

async function partOf(store: ObjectStore, manifest: BackupManifest, number: number): Promise<Buffer> {
  const name = partName(manifest, number);
  const part = await store.get(name).catch((error: unknown) => {
    throw error instanceof NotFound ? new Damaged(`${name} is missing.`) : error;
  });
  const { partHashes } = manifest;
  if (partHashes && partHash(part) !== partHashes[number])
    throw new Damaged(`${name} ${altered}, or belongs to another backup.`);
  return part;
}

/** Names of our own alone: whoever may write to a bucket must not choose where a file lands. Before the key's id was in it, there was one copy. */
const fileName = /^files\/(?:[\da-f]+\/)?(guides\/[\w-][\w.-]*)\.zst\.age$/u;

/**
 * Brings back the files that lie beside the database, each from a copy that a key here opens. Returns the names of those of which
 * no copy opens and is whole: the database is worth having without them.
 */
export async function unpackFiles(store: ObjectStore, folder: string): Promise<string[]> {
  const copies = Map.groupBy(
    (await store.list(backupFilesPrefix)).filter(({ name }) => fileName.test(name)),
    ({ name }) => fileName.exec(name)?.[1] ?? "",
  );
  const unopened: string[] = [];
  for (const [name, objects] of copies) {
    const content = await openFirst(store, name, objects);
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

async function openFirst(
  store: ObjectStore,
  file: string,
  objects: readonly StoredObject[],
): Promise<Buffer | undefined> {
  for (const { name } of objects) {
    const sealed = await store.get(name);
    try {
      const content = await open(sealed);
      if (isNamedByHash(file, content)) return content;
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Damaged)) throw error;
    }
  }
  return undefined;
}

/** Guides are named by the hash of their content; the name of anything else says nothing of it. */
function isNamedByHash(file: string, content: Buffer): boolean {
  const [, hash] = /^guides\/([\da-f]{64})[.-]/u.exec(file) ?? [];
  return hash === undefined || hash === createHash("sha256").update(content).digest("hex");
}
