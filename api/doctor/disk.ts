/** How much is left on the disks of the data and of the backups. */

import { existsSync } from "node:fs";
import { env } from "#db/env.ts";
import { doctorWords } from "#db/words/staff/doctor.ts";
import { type Check, ok, type Outside, todo, warn } from "./check.ts";

const say = doctorWords.disk;
const gigabyte = 1024 ** 3;
/** Below one of these it is time: bytes, and share of the disk. */
const limits = { todo: { free: 2 * gigabyte, share: 0.1 }, warn: { free: 5 * gigabyte, share: 0.2 } };

export async function diskChecks({ space }: Outside): Promise<Check[]> {
  const backups = env.BACKUP_S3_BUCKET === undefined && existsSync(env.BACKUP_DIR) ? env.BACKUP_DIR : undefined;
  return [
    await left("disk.data", env.DATA_DIR, space),
    ...(backups === undefined ? [] : [await left("disk.backups", backups, space)]),
  ];
}

async function left(code: string, path: string, space: Outside["space"]): Promise<Check> {
  const { free, total } = await space(path);
  const isBelow = (limit: { free: number; share: number }) => free < limit.free || free / total < limit.share;
  if (!isBelow(limits.warn)) return ok(code, say.ok(path, free));
  const state = isBelow(limits.todo) ? todo : warn;
  return state(code, say.low(path, free, Math.floor((free / total) * 100)), say.lowAdvice);
}
