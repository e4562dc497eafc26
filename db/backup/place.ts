/**
 * Whether the folder of the backups is the one it was. Where a disk is not mounted, its mount point is an empty folder of the same
 * path: backups would go to the system's disk unnoticed. So a mark lies in the folder, and DATA_DIR notes that it does. DATA_DIR/backups
 * needs none, and a bucket neither: it does not come into being by itself.
 */

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { env } from "#db/env.ts";
import { Refused } from "#db/errors.ts";
import { replaceFile } from "#db/files/replace-file.ts";

const Noted = z.object({
  /** In the name of every mark of this installation: disks that are changed in turn all bear the same. */
  id: z.string(),
  /** The folders that bear it. */
  folders: z.array(z.string()),
});

const notedPath = () => join(env.DATA_DIR, "backup-places.json");

/** Nothing where none was noted, or half of one. */
function noted(): z.output<typeof Noted> | undefined {
  try {
    return Noted.parse(JSON.parse(readFileSync(notedPath(), "utf8")));
  } catch {
    return undefined;
  }
}

const markIn = (folder: string, id: string) => join(folder, `place-${id}`);

/** The mark that has to lie in the folder of the backups; undefined where none has to. */
function neededMark(): string | undefined {
  const { id = "", folders = [] } = noted() ?? {};
  const isNeeded = env.BACKUP_S3_BUCKET === undefined && folders.includes(env.BACKUP_DIR);
  return isNeeded ? markIn(env.BACKUP_DIR, id) : undefined;
}

/** The refusal to write to a folder that is another. Its code stands in the job's row, where no sentence does. */
const elsewhere = () =>
  Object.assign(
    new Refused(
      `The folder ${env.BACKUP_DIR} is not the one to which backups went before: its mark is missing, as when its disk is not mounted. Mount it. Where you emptied it, or put another disk there, on purpose: npm run -s cli -- backup new-place`,
    ),
    { code: "BACKUP_PLACE_MISSING" },
  );

/** Throws Refused where BACKUP_DIR was marked and its mark is gone. */
export async function requirePlace(): Promise<void> {
  const mark = neededMark();
  if (mark !== undefined) await access(mark).catch(() => Promise.reject(elsewhere()));
}

/** Marks BACKUP_DIR where it never was, as a new place is; with `isNew` also where its mark is gone. Throws as `requirePlace` does. */
export async function claimPlace(isNew = false): Promise<void> {
  if (env.BACKUP_S3_BUCKET !== undefined || env.BACKUP_DIR === join(env.DATA_DIR, "backups")) return;
  if (!isNew && neededMark() !== undefined) return requirePlace();
  const { id = randomBytes(6).toString("hex"), folders = [] } = noted() ?? {};
  await mkdir(env.BACKUP_DIR, { recursive: true, mode: 0o700 });
  await replaceFile(markIn(env.BACKUP_DIR, id), "Backups of komichi go here. Please leave this file where it is.\n");
  await replaceFile(notedPath(), JSON.stringify({ id, folders: [...new Set([...folders, env.BACKUP_DIR])] }));
}
