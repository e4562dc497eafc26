import { randomBytes } from "node:crypto";
import { existsSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { pruneExports } from "#api/backup/exports.ts";
import { pruneBackups } from "#api/backup/prune.ts";
import {
  idOf,
  listBases,
  type BackupManifest,
  partName,
  readBases,
  requireParts,
  walPrefix,
  writeManifest,
} from "#api/backup/sets.ts";
import { openFolder } from "#db/backup/folder.ts";
import { sealedSuffix } from "#db/backup/seal.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { walFileName } from "#db/cluster/wal-files.ts";
import { env } from "#db/env.ts";
import { Refused } from "#db/errors.ts";
import { keyIdOf } from "#db/vault/vault.ts";

Object.assign(env, { BACKUP_KEY: randomBytes(32).toString("base64") });
const store = openFolder(env.BACKUP_DIR);
const now = new Date("2026-11-28T12:00:00Z");
const day = 86_400_000;

/** A base backup of so many days ago that begins in the log's file of this number. */
async function addBase(set: string, daysAgo: number, file: number, begun?: Date): Promise<BackupManifest> {
  const at = new Date(now.getTime() - daysAgo * day);
  const lsn = `0/${(file * 16 * 1024 * 1024 + 40).toString(16).toUpperCase()}`;
  const manifest: BackupManifest = {
    ...{
      format: 1,
      set,
      id: begun ? idOf(begun) : `b${file}`,
      version: "0",
      startedAt: at,
      finishedAt: at,
      timeline: 1,
    },
    ...{ startLsn: lsn, stopLsn: lsn, parts: 1, bytes: 1, sealedBytes: 1, vaultKey: "", rows: {} },
  };
  await store.put(partName(manifest, 0), Buffer.from("part"));
  await writeManifest(store, manifest);
  return manifest;
}

const addWal = async (set: string, ...files: number[]) => {
  for (const file of files)
    await store.put(`${walPrefix(set)}${walFileName(1, BigInt(file))}${sealedSuffix}`, randomBytes(9));
};
const walOf = async (set: string) =>
  (await store.list(walPrefix(set))).map(({ name }) =>
    Number.parseInt(name.slice(-sealedSuffix.length - 8, -sealedSuffix.length), 16),
  );

beforeEach(() => rmSync(env.BACKUP_DIR, { recursive: true, force: true }));

test("what is older than the days goes, with its parts and the log before the oldest that stays", async () => {
  for (const [daysAgo, file] of [
    [50, 1],
    [36, 3],
    [34, 5],
    [1, 8],
  ] as const)
    await addBase("a", daysAgo, file);
  await addWal("a", 1, 2, 3, 4, 5, 6, 7, 8, 9);
  expect(await pruneBackups(store, 35, now)).toBe(2);
  expect((await listBases(store)).map(({ id }) => id)).toEqual(["b5", "b8"]);
  expect(await walOf("a")).toEqual([5, 6, 7, 8, 9]);
  expect((await store.list("sets/a/base/b1")).length).toBe(0);
});

test("where backups failed all the time, the last ones stay: late backups are better than none", async () => {
  await addBase("a", 90, 1);
  await addBase("a", 80, 2);
  await addWal("a", 1, 2, 3);
  expect(await pruneBackups(store, 35, now)).toBe(0);
  expect((await listBases(store)).map(({ id }) => id)).toEqual(["b1", "b2"]);
  expect(await walOf("a")).toEqual([1, 2, 3]);
});

describe("after a clock jumped ahead", () => {
  const jumped = new Date(now.getTime() + 400 * day);

  test("the old ones stay for a day beside the one that was taken then, and the notes of acceptances, too", async () => {
    for (const daysAgo of [20, 10, -400]) await addBase("a", daysAgo, 30 - daysAgo / 10);
    await store.put("logs/accepted/2026-11-20-1f.jsonl", Buffer.from("{}"));
    expect(await pruneBackups(store, 35, jumped)).toBe(0);
    expect(await pruneBackups(store, 35, now)).toBe(0);
    expect(await store.list("logs/")).toHaveLength(1);
    // It was not the clock: the machine was switched off.
    expect(await pruneBackups(store, 35, new Date(jumped.getTime() + 1.1 * day))).toBe(2);
    expect(await store.list("logs/")).toHaveLength(0);
  });

  test("one that is dated ahead takes no log from it, and goes when the one after it does", async () => {
    await addBase("a", 10, 1);
    await addBase("a", -400, 3); // taken after it
    await addBase("a", 8, 5);
    await addWal("a", 1, 2, 3, 4, 5, 6);
    const idsAfter = async (days: number) => {
      await pruneBackups(store, 35, new Date(now.getTime() + days * day));
      return (await listBases(store)).map(({ id }) => id);
    };
    expect(await idsAfter(26)).toEqual(["b5", "b3"]);
    expect(await walOf("a")).toEqual([3, 4, 5, 6]);
    await addBase("a", -27, 7);
    expect(await idsAfter(29)).toEqual(["b7"]);
    expect(await walOf("a")).toEqual([]);
  });
});

describe("what killed processes left of a backup", () => {
  const [base, export_] = ["sets/a/base/x/0000.part", "exports/x/tables/a.jsonl/0000.part"];
  const written = (name: string, minutesAgo: number) =>
    utimesSync(join(env.BACKUP_DIR, name), now, new Date(now.getTime() - minutesAgo * 60_000));

  test.each([
    ["base backup", base, base.replace("0000", "0001"), () => pruneBackups(store, 35, now)],
    ["export", export_, export_.replace("0000", "0001"), () => pruneExports(store, 35, now)],
  ])("goes; but none that somebody is writing, and none that is finished: %s", async (_, first, second, prune) => {
    await addBase("a", 40, 1);
    await store.put("exports/y/manifest.json/0000.part", Buffer.from("whole"));
    for (const name of [first, second]) await store.put(name, Buffer.from("part"));
    for (const { name } of await store.list("")) written(name, 600);
    written(second, 50);
    await prune();
    expect(await store.list(first)).toHaveLength(1);
    written(second, 70);
    await prune();
    expect((await store.list("")).map(({ name }) => name)).toEqual(
      expect.not.arrayContaining([first, second]) as unknown,
    );
    expect(await store.list("")).toHaveLength(3);
  });

  test("and one whose parts went while it was written is never called whole", async () => {
    const stubborn: ObjectStore = { ...store, list: () => Promise.resolve([]) };
    await expect(requireParts(stubborn, "sets/a/base/x/", 1)).rejects.toThrow("Please take it again");
  });
});

test("a former database's backups go as a whole when they are too old", async () => {
  await addBase("a", 50, 1);
  await addWal("a", 1, 2, 3);
  await addBase("b", 2, 1);
  await addWal("b", 1);
  expect(await pruneBackups(store, 35, now)).toBe(1);
  expect(await walOf("a")).toEqual([]);
  expect(await walOf("b")).toEqual([1]);
});

test("an unfinished one, without a manifest, is no backup", async () => {
  await store.put("sets/a/base/x/0000.part", Buffer.from("half"));
  expect(await listBases(store)).toEqual([]);
});

describe("after the backup's key was lost", () => {
  const closeEarlier = () => void Object.assign(env, { BACKUP_KEY: randomBytes(32).toString("base64") });

  test("older backups, which nothing opens, hinder no new one, and go when they are too old", async () => {
    await addBase("a", 50, 1, new Date(now.getTime() - 50 * day));
    await addBase("a", 10, 2, new Date(now.getTime() - 10 * day));
    await addWal("a", 1, 2, 3);
    closeEarlier();
    await expect(listBases(store)).rejects.toThrow(Refused);
    const fresh = await addBase("b", 0, 1);
    expect((await listBases(store)).map(({ set }) => set)).toEqual([fresh.set]);
    expect(await pruneBackups(store, 35, now)).toBe(1);
    expect((await readBases(store)).closed).toHaveLength(1);
    expect(await walOf("a")).toEqual([1, 2, 3]); // the younger one needs it, should its key be found
    expect(await pruneBackups(store, 35, new Date(now.getTime() + 30 * day))).toBe(1);
    expect(await walOf("a")).toEqual([]);
  });
});

describe("guides sealed for an earlier key of the backups", () => {
  const [first, second, third] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const hold = (...keys: Buffer[]) =>
    void Object.assign(env, { BACKUP_KEY: keys.map((key) => key.toString("base64")).join(",") });
  const addGuide = (key: Buffer) => store.put(`files/${keyIdOf(key)}/guides/a.pdf${sealedSuffix}`, randomBytes(9));
  const guidesOf = async () => (await store.list("files/")).map(({ name }) => name.split("/")[1]);
  const later = (days: number) => new Date(now.getTime() + days * day);

  test("stay while a base backup of that key does, and go with it; those of the newest stay", async () => {
    for (const [key, daysAgo, file] of [
      [first, 20, 1],
      [third, 1, 2],
    ] as const) {
      hold(key);
      await addBase("a", daysAgo, file);
    }
    for (const key of [first, second, third]) await addGuide(key);
    hold(third, second, first);
    await pruneBackups(store, 35, now);
    expect(await guidesOf()).toEqual([first, third].map(keyIdOf).toSorted());
    await pruneBackups(store, 35, later(20));
    expect(await guidesOf()).toEqual([keyIdOf(third)]);
    await pruneBackups(store, 35, later(900));
    expect(await guidesOf()).toEqual([keyIdOf(third)]);
  });

  test("of a key that is not here stay as long as a backup that nothing here opens", async () => {
    hold(first);
    await addBase("a", 20, 1, new Date(now.getTime() - 20 * day));
    await addGuide(first);
    hold(third);
    await addBase("b", 0, 1);
    await addGuide(third);
    await pruneBackups(store, 35, now);
    expect(await guidesOf()).toEqual([first, third].map(keyIdOf).toSorted());
    await pruneBackups(store, 35, later(16));
    expect(await guidesOf()).toEqual([keyIdOf(third)]);
  });

  test("of before there was a folder for each key are left alone", async () => {
    hold(first);
    await store.put(`files/guides/a.pdf${sealedSuffix}`, randomBytes(9));
    await pruneBackups(store, 35, now);
    expect(await guidesOf()).toEqual(["guides"]);
  });
});

test("what a killed process left of a file goes after a day", async () => {
  await addBase("a", 0, 1);
  const left = join(env.BACKUP_DIR, "sets/left.1f.new");
  writeFileSync(left, "half");
  utimesSync(left, now, new Date(now.getTime() - day / 2));
  await pruneBackups(store, 35, now);
  expect(existsSync(left)).toBe(true);
  await pruneBackups(store, 35, new Date(now.getTime() + day));
  expect(existsSync(left)).toBe(false);
});
