/**
 * The files of DATA_DIR that belong to an installation and follow from nothing else: PDFs and pictures of guides, and the
 * tombstones of the erased. Left behind are what is made again (pages, covers, drawn pictures, the support book, copies of
 * settings and content), the server and its password, mails that are files, backups, the log of acceptances, and both keys.
 */

import { createReadStream, existsSync } from "node:fs";
import { mkdir, readdir, rename } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { env } from "#db/env.ts";
import { Refused } from "#db/errors.ts";
import { writeFileSynced } from "./folder.ts";
import { exportFilesPrefix } from "./manifest.ts";

interface DataFile {
  /** In the export, below the prefix; also the path that an import gives it in DATA_DIR. */
  name: string;
  content: () => AsyncIterable<Uint8Array>;
}

const kept = ["guides", "logs/tombstones"];

/** What there is, by name. */
export async function readDataFiles(): Promise<DataFile[]> {
  const found: DataFile[] = [];
  for (const folder of kept) {
    const entries = await readdir(join(env.DATA_DIR, folder), { withFileTypes: true }).catch(() => []);
    for (const { name } of entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".new")))
      found.push({ name: `${folder}/${name}`, content: () => createReadStream(join(env.DATA_DIR, folder, name)) });
  }
  const earlier = join(env.DATA_DIR, "tombstones.log"); // as versions before this one wrote them
  if (existsSync(earlier))
    found.push({ name: "logs/tombstones/0000-00-00-earlier.jsonl", content: () => createReadStream(earlier) });
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Puts a file of an export into a folder like DATA_DIR; one that is there stays as it is. Returns whether it was written. */
export async function installDataFile(
  dataDir: string,
  file: string,
  content: AsyncIterable<Uint8Array>,
): Promise<boolean> {
  const path = join(dataDir, file.slice(exportFilesPrefix.length));
  // A manifest is not signed: it must not choose a place outside.
  if (!path.startsWith(`${dataDir}${sep}`)) throw new Refused(`The export names a file outside of DATA_DIR: ${file}`);
  if (existsSync(path)) return false;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = join(dirname(path), `${basename(path)}.new`);
  await writeFileSynced(fresh, content);
  await rename(fresh, path);
  return true;
}
