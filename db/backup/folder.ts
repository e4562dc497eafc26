/** Backups in a folder: another disk, a mounted share. */

import { type Dirent } from "node:fs";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { NotFound } from "#db/errors.ts";
import { replaceFile, unfinished } from "#db/files/replace-file.ts";
import type { ObjectStore, StoredObject } from "./store.ts";

/** A store in this folder, which is made when something is written; readable for this system user alone. */
export function openFolder(root: string): ObjectStore {
  return {
    description: root,
    folder: root,
    put: async (name, bytes) => {
      const path = join(root, name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await replaceFile(path, bytes);
    },
    get: (name) => readFile(join(root, name)).catch(absent(name)),
    list: async (prefix) =>
      (await filesBelow(root)).filter(({ name }) => name.startsWith(prefix) && !name.endsWith(unfinished)),
    delete: (name) => rm(join(root, name), { force: true }),
    deleteUnfinished: async (before) => {
      for (const { name, writtenAt } of await filesBelow(root))
        if (name.endsWith(unfinished) && writtenAt < before) await rm(join(root, name), { force: true });
    },
  };
}

async function filesBelow(root: string): Promise<StoredObject[]> {
  const found = await readdir(root, { withFileTypes: true, recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const files = found.filter((entry) => entry.isFile());
  const listed: StoredObject[] = [];
  // One after the other: on a share that hangs this holds one of the process's few threads for files, and not all.
  for (const entry of files) listed.push(...(await describe(root, entry)));
  return listed.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Nothing where it was deleted since the folder was read. */
async function describe(root: string, entry: Dirent): Promise<StoredObject[]> {
  const path = join(entry.parentPath, entry.name);
  const found = await stat(path).catch(() => undefined);
  if (!found) return [];
  return [{ name: relative(root, path).split(sep).join("/"), bytes: found.size, writtenAt: found.mtime }];
}

const absent = (name: string) => (error: NodeJS.ErrnoException) => {
  throw error.code === "ENOENT" ? new NotFound(name) : error;
};
