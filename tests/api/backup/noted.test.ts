/** What the job takes down of the store before it takes a backup: here taking fails, since there is no database in DATA_DIR. */

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { currentSet, endSet, idOf, walPrefix, writeManifest } from "#api/backup/sets.ts";
import { systemIdentifier } from "#api/backup/take.ts";
import { runJob } from "#api/jobs.ts";
import { openFolder } from "#db/backup/folder.ts";
import { sealedSuffix } from "#db/backup/seal.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { walFileName } from "#db/cluster/wal-files.ts";
import { env } from "#db/env.ts";
import { jobRuns } from "#db/schema/jobs.ts";

Object.assign(env, { DATABASE_URL: undefined, BACKUP_KEY: randomBytes(32).toString("base64") });

const newest = new Date(Date.now() - 90 * 86_400_000);

/** The set of the database of this test. */
async function ownSet(): Promise<string> {
  const owner = connectAsOwner();
  const set = currentSet(await systemIdentifier(owner));
  await disconnect(owner);
  return set;
}

async function addBase(set: string, at = newest): Promise<void> {
  await writeManifest(openFolder(env.BACKUP_DIR), {
    ...{
      format: 1,
      set,
      id: idOf(at),
      version: "0",
      startedAt: at,
      finishedAt: at,
      timeline: 1,
      startLsn: "0/1000028",
    },
    ...{ stopLsn: "0/1000100", parts: 0, bytes: 0, sealedBytes: 9, vaultKey: "", rows: {} },
  });
}

const addLog = (set: string, file: number) =>
  openFolder(env.BACKUP_DIR).put(`${walPrefix(set)}${walFileName(1, BigInt(file))}${sealedSuffix}`, randomBytes(9));

/** Runs the job, which fails; what its row says then. */
async function noted() {
  expect(await runJob("take_backup")).toBe("failed");
  const [run] = await db.select().from(jobRuns).where(eq(jobRuns.name, "take_backup"));
  return run?.counts;
}

beforeEach(() => rmSync(env.BACKUP_DIR, { recursive: true, force: true }));

const counts = { kept: 1, bytes: 9, newest_at: Math.round(newest.getTime() / 1000) };

test("a base backup of this database with the log since, though the next one fails", async () => {
  await addBase(await ownSet());
  for (const file of [1, 2, 3]) await addLog(await ownSet(), file);
  expect(await noted()).toEqual({ ...counts, is_whole: 1 });
});

test("a gap in that log", async () => {
  await addBase(await ownSet());
  for (const file of [1, 3]) await addLog(await ownSet(), file);
  expect(await noted()).toEqual({ ...counts, is_whole: 0 });
});

test("a base backup of before the log was lost, which began a new set", async () => {
  await addBase(await ownSet());
  endSet();
  await addLog(await ownSet(), 1);
  expect(await noted()).toEqual({ ...counts, is_whole: 0 });
});

test("nothing in a place that was changed, though log is shipped there", async () => {
  await addBase(await ownSet());
  env.BACKUP_DIR = mkdtempSync(join(env.DATA_DIR, "elsewhere-"));
  await addLog(await ownSet(), 1);
  expect(await noted()).toEqual({ kept: 0, bytes: 0, newest_at: 0, is_whole: 0 });
});

test("old backups go all the same, since a full disk has to become free again", async () => {
  const [older, later] = [50, 10].map((days) => new Date(Date.now() - days * 86_400_000));
  for (const at of [newest, older]) await addBase("former", at);
  await addBase("former", later);
  expect(await noted()).toMatchObject({ kept: 1, newest_at: Math.round((later?.getTime() ?? 0) / 1000) });
});
