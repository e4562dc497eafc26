/** Whether keys and records are this system user's alone. */

import { readdirSync, type Stats, statSync } from "node:fs";
import { basename, join } from "node:path";
import { movedAside } from "#api/backup-health/moved-aside.ts";
import { env } from "#db/env.ts";
import { doctorWords } from "#db/words/staff/doctor.ts";
import { type Check, ok, skipped, todo, warn } from "./check.ts";

const say = doctorWords.permissions;

/** Reading and writing for group and others. To enter a folder (x) is no harm: the server may run as another user, and a proxy reads stored pages. */
const forOthers = 0o066;

/** In DATA_DIR; those that are not there yet are left out. */
const names = [".", "vault.key", "backup.key", "cluster.json", "logs", "outbox", "postgres.log", "backup-set.json"];

export function permissionChecks(): Check[] {
  const own = process.getuid?.();
  if (own === undefined) return [skipped("permissions", say.skipped)];
  const paths = [
    ...names.map((name) => ({ code: name === "." ? "data" : name, path: join(env.DATA_DIR, name), isSealed: false })),
    ...filesBelow("logs"),
    ...movedAside().map(({ path }) => ({ code: basename(path), path, isSealed: false })),
    ...(env.DKIM_KEY_FILE === undefined ? [] : [{ code: "dkim", path: env.DKIM_KEY_FILE, isSealed: false }]),
    // Sealed, and a share or a memory card may know no permissions.
    ...(env.BACKUP_S3_BUCKET === undefined ? [{ code: "backups", path: env.BACKUP_DIR, isSealed: true }] : []),
  ];
  const found = paths.flatMap(({ code, path, isSealed }) => {
    const file = statSync(path, { throwIfNoEntry: false });
    return file === undefined ? [] : lookAt(`permissions.${code}`, path, file, own, isSealed ? warn : todo);
  });
  return found.length === 0 ? [ok("permissions", say.ok)] : found;
}

function lookAt(code: string, path: string, file: Stats, own: number, state: typeof todo): Check[] {
  const mode = (file.mode & 0o777).toString(8).padStart(4, "0");
  return [
    ...((file.mode & forOthers) === 0 ? [] : [state(code, say.open(path, mode), say.openAdvice(path))]),
    ...(file.uid === own ? [] : [state(`${code}.owner`, say.owner(path, file.uid, own), say.ownerAdvice)]),
  ];
}

function filesBelow(folder: string) {
  const root = join(env.DATA_DIR, folder);
  if (statSync(root, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(root, { recursive: true, encoding: "utf8" }).map((name) => ({
    ...{ code: `${folder}/${name}`, path: join(root, name) },
    isSealed: false,
  }));
}
