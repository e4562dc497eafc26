/**
 * The portable export as a backup, where the database is elsewhere (DATABASE_URL): the same store, the same seal.
 *
 *   exports/ID/NAME/0000.part …   each file of the export, sealed, cut into parts; manifest.json is written last
 */

import { text } from "node:stream/consumers";
import { writeExport } from "#api/portable/export.ts";
import type { ExportSource } from "#api/portable/folder.ts";
import { exportManifestName, rowsByTable } from "#api/portable/manifest.ts";
import { pruneAcceptances } from "#db/backup/logs.ts";
import { cut, partBytes } from "#db/backup/parts.ts";
import { openingKey, openStream, sealStream } from "#db/backup/seal.ts";
import { exportsPrefix, type ObjectStore } from "#db/backup/store.ts";
import { Refused } from "#db/errors.ts";
import { keyIdOf } from "#db/vault/vault.ts";
import { backupPace, paced } from "./pace.ts";
import { acceptancesBefore, deleteAbandoned, mayPrune } from "./prune.ts";
import { idOf, requireParts } from "./sets.ts";

const dayMs = 86_400_000;

export interface StoredExport {
  id: string;
  finishedAt: Date;
  /** Of all its parts. */
  bytes: number;
}

interface Options {
  /** Of a database that is not open yet, such as before an upgrade. */
  url?: string;
  now?: Date;
  /** Whether nobody waits for it, so that it may take forty times as long. */
  isGentle?: boolean;
  /** Called for each file once it is written. */
  onFile?: (name: string, rows?: number) => void;
}

/** Writes an export of this moment into the store; of one that fails nothing is left. */
export async function exportToStore(store: ObjectStore, options: Options = {}) {
  const { now = new Date(), isGentle = false, ...rest } = options;
  const pace = backupPace(isGentle);
  const id = idOf(now);
  let written = 0;
  const file = async (name: string, content: AsyncIterable<Uint8Array>) => {
    if (name === exportManifestName) await requireParts(store, `${exportsPrefix}${id}/`, written);
    let number = 0;
    for await (const part of cut(sealStream(paced(content, pace)), partBytes)) {
      await store.put(partOf(id, name, number++), part);
      written++;
    }
  };
  try {
    return { id, rows: rowsByTable(await writeExport({ file }, { now, ...rest })) };
  } catch (error) {
    await deleteExport(store, id).catch(() => {}); // the store may be what failed
    throw error;
  }
}

const partOf = (id: string, name: string, number: number) =>
  `${exportsPrefix}${id}/${name}/${String(number).padStart(4, "0")}.part`;

/** The finished exports of a store, oldest first. */
export async function listExports(store: ObjectStore): Promise<StoredExport[]> {
  const found = new Map<string, StoredExport>();
  const objects = await store.list(exportsPrefix);
  for (const { name, writtenAt } of objects)
    if (name.endsWith(`/${exportManifestName}/0000.part`))
      found.set(idIn(name), { id: idIn(name), finishedAt: writtenAt, bytes: 0 });
  for (const { name, bytes } of objects) {
    const one = found.get(idIn(name));
    if (one) one.bytes += bytes;
  }
  return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

const idIn = (name: string) => name.slice(exportsPrefix.length).split("/")[0] ?? "";

/** Id (hexadecimal) of the backups' key that opens an export; undefined where none here does. */
export async function keyOfExport(store: ObjectStore, { id }: Pick<StoredExport, "id">): Promise<string | undefined> {
  const key = await openingKey(await store.get(partOf(id, exportManifestName, 0)));
  return key && keyIdOf(key);
}

/** The newest of exports that are sorted by id; one whose id lies ahead, by a clock that was wrong, is none. */
export const newestStored = (exports: readonly StoredExport[], now: Date): StoredExport | undefined =>
  exports.findLast(({ id }) => id <= idOf(new Date(now.getTime() + dayMs)));

/** The export of that id in a store, without one the newest, for an import. Throws Refused when it is not there. */
export async function storedExport(store: ObjectStore, id?: string): Promise<ExportSource & { name: string }> {
  const all = await listExports(store);
  const newest = newestStored(all, new Date()) ?? all.at(-1);
  const chosen = id === undefined ? newest : all.find((one) => one.id === id);
  if (!chosen && id !== undefined)
    throw new Refused(`There is no export ${id} in ${store.description}. \`backup list\` names those there are.`);
  if (!chosen) throw new Refused(`There is no export in ${store.description}.`);
  const before = all[all.indexOf(chosen) - 1];
  const file = (name: string) => openStream(partsOf(store, chosen.id, name));
  return {
    name: exportsPrefix + chosen.id,
    description: `the export ${chosen.id} in ${store.description}`,
    file,
    manifest: () => text(file(exportManifestName)),
    ...(before && { otherwise: `The export before it is there: --export ${before.id}.` }),
  };
}

async function* partsOf(store: ObjectStore, id: string, name: string): AsyncGenerator<Uint8Array> {
  for (const part of await store.list(`${exportsPrefix}${id}/${name}/`)) yield await store.get(part.name);
}

/**
 * Deletes exports begun more than `days` days ago, and the notes of what mail servers accepted then, unless there is nothing yet that
 * stands for them. The newest stays. Returns how many were deleted.
 */
export async function pruneExports(store: ObjectStore, days: number, now: Date): Promise<number> {
  await deleteAbandoned(store, now);
  const ids = (await listExports(store)).map(({ id }) => id);
  if (!mayPrune(ids, days, now)) return 0;
  const before = idOf(new Date(now.getTime() - days * dayMs));
  const old = ids.slice(0, -1).filter((id) => id < before);
  for (const id of old) await deleteExport(store, id);
  await pruneAcceptances(acceptancesBefore(now, days), store);
  return old.length;
}

async function deleteExport(store: ObjectStore, id: string): Promise<void> {
  for (const { name } of await store.list(`${exportsPrefix}${id}/`)) await store.delete(name);
}
