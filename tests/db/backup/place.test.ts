/** A folder of backups whose disk is not mounted is not written to. */

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { backupCommands } from "#api/backup/command.ts";
import { runJob } from "#api/jobs.ts";
import { appendAcceptance, appendTombstone } from "#db/backup/logs.ts";
import { claimPlace } from "#db/backup/place.ts";
import { configuredStore } from "#db/backup/store.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { jobRuns } from "#db/schema/jobs.ts";

const [mountPoint, disk] = [join(env.DATA_DIR, "mnt"), join(env.DATA_DIR, "disk")];
/** What a folder holds beside the mark. */
const contentOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => !name.startsWith("place-"));
const put = () => configuredStore().put("sets/a", Buffer.from("1"));
const unmount = () => {
  renameSync(mountPoint, disk);
  mkdirSync(mountPoint);
};
const mount = () => {
  rmSync(mountPoint, { recursive: true });
  renameSync(disk, mountPoint);
};

beforeEach(async () => {
  for (const path of [mountPoint, disk, join(env.DATA_DIR, "backup-places.json"), join(env.DATA_DIR, "logs")])
    rmSync(path, { recursive: true, force: true });
  env.BACKUP_DIR = mountPoint;
  await claimPlace();
  await put();
});

test("while it is away every writer is refused, with what to do; once it is back all goes on", async () => {
  unmount();
  await expect(put()).rejects.toThrow(/is not mounted. Mount it..*backup new-place/u);
  await expect(claimPlace()).rejects.toThrow("is not mounted");
  appendTombstone({ at: new Date().toISOString(), case: "a" });
  await appendAcceptance({ at: new Date().toISOString(), id: "b" });
  expect(contentOf(mountPoint)).toEqual([]);
  mount();
  await claimPlace();
  await put();
  expect((await configuredStore().list("sets/")).map(({ name }) => name)).toEqual(["sets/a"]);
});

test("the jobs fail, with a code that doctor shows, and leave the folder empty", async () => {
  unmount();
  env.DATABASE_URL = undefined;
  for (const name of ["ship_wal", "take_backup"] as const) expect(await runJob(name)).toBe("failed");
  expect((await db.select().from(jobRuns)).map(({ error }) => error)).toEqual([
    ...["Refused BACKUP_PLACE_MISSING", "Refused BACKUP_PLACE_MISSING"],
  ]);
  expect(contentOf(mountPoint)).toEqual([]);
});

test("another folder begins anew by itself, and the earlier one is known when it is chosen again", async () => {
  unmount();
  env.BACKUP_DIR = join(env.DATA_DIR, "other");
  await claimPlace();
  await put();
  env.BACKUP_DIR = mountPoint;
  await expect(put()).rejects.toThrow("is not mounted");
});

test("one that was emptied on purpose is begun anew by a command; disks that change in turn are both known", async () => {
  unmount();
  await expect(put()).rejects.toThrow("is not mounted");
  await backupCommands["backup new-place"]?.run([], {}, new Set());
  await put();
  const second = join(env.DATA_DIR, "second");
  renameSync(mountPoint, second);
  renameSync(disk, mountPoint);
  await put();
  rmSync(second, { recursive: true });
});

test("a folder that a bucket has replaced need not be there", async () => {
  unmount();
  env.BACKUP_S3_BUCKET = "backups";
  await claimPlace();
  expect(contentOf(mountPoint)).toEqual([]);
  delete env.BACKUP_S3_BUCKET;
});

test("the folder in DATA_DIR needs no mark, and one that was never used is not refused", async () => {
  env.BACKUP_DIR = join(env.DATA_DIR, "backups");
  await claimPlace();
  expect(existsSync(env.BACKUP_DIR)).toBe(false);
  await put();
  env.BACKUP_DIR = join(env.DATA_DIR, "never");
  await put();
  expect(contentOf(env.BACKUP_DIR)).toEqual(["sets", "sets/a"]);
});
