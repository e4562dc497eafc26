/**
 * The portable export as a backup, where the database is elsewhere (DATABASE_URL): the same store, the same seal.
 *
 *   exports/ID/NAME/0000.part …   each file of the export, sealed, cut into parts; manifest.json is written last
 */

import { text } from "node:stream/consumers";
import { writeExport } from "#api/portable/export.ts";
import type { ExportSource } from "#api/portable/folder.ts";
import { exportManifestName, rowsByTable } from "#api/portable/manifest.ts";
import { cut, partBytes } from "#db/backup/parts.ts";
import { openingKey, openStream, sealStream } from "#db/backup/seal.ts";
import { exportsPrefix, type ObjectStore } from "#db/backup/store.ts";
import { Refused } from "#db/errors.ts";
import { keyIdOf } from "#db/vault/vault.ts";
import { idOf } from "./sets.ts";

export interface StoredExport {
  id: string;
  finishedAt: Date;
  /** Of all its parts. */
  bytes: number;
}

/** Writes an export of this moment into the store. `url`: of a database that is not open yet, such as before an upgrade. */
export async function exportToStore(store: ObjectStore, { url, now = new Date() }: { url?: string; now?: Date } = {}) {
  const id = idOf(now);
  const file = async (name: string, content: AsyncIterable<Uint8Array>) => {
    let number = 0;
    for await (const part of cut(sealStream(content), partBytes)) await store.put(partOf(id, name, number++), part);
  };
  return { id, rows: rowsByTable(await writeExport({ file }, { now, ...(url !== undefined && { url }) })) };
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

/** The export of that id in a store, without one the newest, for an import. Throws Refused when it is not there. */
export async function storedExport(store: ObjectStore, id?: string): Promise<ExportSource & { name: string }> {
  const all = await listExports(store);
  const index = id === undefined ? all.length - 1 : all.findIndex((one) => one.id === id);
  const [before, chosen] = [all[index - 1], all[index]];
  if (!chosen && id !== undefined)
    throw new Refused(`There is no export ${id} in ${store.description}. \`backup list\` names those there are.`);
  if (!chosen) throw new Refused(`There is no export in ${store.description}.`);
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

/** Deletes exports of before this moment, and unfinished ones; the newest stays. Returns how many finished ones went. */
export async function pruneExports(store: ObjectStore, before: Date): Promise<number> {
  const all = await listExports(store);
  const kept = all.filter(({ finishedAt }, index) => finishedAt >= before || index === all.length - 1);
  for (const { name, writtenAt } of await store.list(exportsPrefix)) {
    const isUnderWay = !all.some(({ id }) => id === idIn(name)) && writtenAt >= before;
    if (!isUnderWay && !kept.some(({ id }) => id === idIn(name))) await store.delete(name);
  }
  return all.length - kept.length;
}
