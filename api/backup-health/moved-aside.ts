/**
 * Databases that `restore --replace` moved aside. They lie there as they were: no erasure, no retention and no pruning of backups reaches
 * into them, so somebody has to delete them.
 */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { env } from "#db/env.ts";

const named = /^before-restore-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u;

/** Where one goes that is moved aside now. `id` is the moment, as names of backups write it. */
export const asidePath = (id: string): string => join(env.DATA_DIR, `before-restore-${id}`);

/** Those that are there, and since when. */
export function movedAside(): { path: string; since: Date }[] {
  if (!existsSync(env.DATA_DIR)) return [];
  return readdirSync(env.DATA_DIR).flatMap((name) => {
    if (!named.test(name)) return [];
    return { path: join(env.DATA_DIR, name), since: new Date(name.replace(named, "$1-$2-$3T$4:$5:$6Z")) };
  });
}
