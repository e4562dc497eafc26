/** An export as a folder: written file by file, and read again. */

import { createReadStream, existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { Refused } from "#db/errors.ts";
import type { ExportSink } from "./export.ts";
import { exportManifestName } from "./manifest.ts";

/** Where an import reads from. */
export interface ExportSource {
  /** For sentences. */
  description: string;
  /** A file's content; throws when it is not there. */
  file: (name: string) => AsyncIterable<Uint8Array>;
  manifest: () => Promise<string>;
  /** A sentence on what there is in its place, where it is damaged. */
  otherwise?: string;
}

/** A new folder that only this system user can read. Throws Refused when something is in it. */
export async function folderSink(root: string): Promise<ExportSink> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  if ((await readdir(root)).length > 0)
    throw new Refused(`${root} is not empty. Name a folder that does not exist yet.`);
  return {
    file: async (name, content) => {
      const path = join(root, name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFileSynced(path, content);
    },
  };
}

/** Throws Refused when there is no finished export. */
export function folderSource(root: string): ExportSource {
  const manifest = join(root, exportManifestName);
  if (!existsSync(manifest) && existsSync(join(root, "sets")))
    throw new Refused(
      `${root} holds backups, not an export. Bring the newest back with: npm run -s cli -- restore ${root}`,
    );
  if (!existsSync(manifest))
    throw new Refused(`${root} holds no ${exportManifestName}: it is no export, or one that was not finished.`);
  return {
    description: root,
    file: (name) => createReadStream(insideOf(root, name)),
    manifest: () => readFile(manifest, "utf8"),
  };
}

/** The path of a file of an export. Throws Refused for a name that leads elsewhere: whoever wrote a manifest must not choose what is read. */
function insideOf(root: string, name: string): string {
  const path = resolve(root, name);
  if (!path.startsWith(`${resolve(root)}${sep}`))
    throw new Refused(`The export names a file outside of its folder: ${name}. Nothing was changed.`);
  return path;
}

/** Writes a file for this system user alone, and waits until it is on the disk. */
export async function writeFileSynced(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  await writeFile(path, content, { mode: 0o600, flush: true });
}
