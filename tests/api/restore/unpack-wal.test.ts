/** How far the shipped log is whole: hand-made files of the log, beside an unpacked base backup. */

import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { type BackupManifest, walPrefix } from "#api/backup/sets.ts";
import { unpackWal } from "#api/restore/unpack-wal.ts";
import { openFolder } from "#db/backup/folder.ts";
import { sealObject, sealedSuffix } from "#db/backup/seal.ts";
import { walFileBytes, walFileName } from "#db/cluster/wal-files.ts";
import { env } from "#db/env.ts";

const key = randomBytes(32).toString("base64");
const store = openFolder(env.BACKUP_DIR);
const folder = join(env.DATA_DIR, "unpacked");
const wal = join(folder, "pg", "pg_wal");

/** It began in file 1 and ended in file 2, of which it holds the first half. */
const base: BackupManifest = {
  ...{ format: 1, set: "a", id: "1", version: "0", startedAt: new Date(0), finishedAt: new Date(0), timeline: 1 },
  ...{ startLsn: "0/1000028", stopLsn: "0/2800000", parts: 1, bytes: 1, sealedBytes: 1, vaultKey: "", rows: {} },
};

interface Origin {
  timeline?: number;
  system?: bigint;
  bytes?: number;
}

/** A file of the log with the header that PostgreSQL gives it. */
function walFile(number: number, { timeline = 1, system = 7n, bytes = walFileBytes }: Origin = {}): Buffer {
  const content = Buffer.alloc(bytes);
  content.writeUInt16LE(0xd118, 0);
  content.writeUInt16LE(2, 2);
  content.writeUInt32LE(timeline, 4);
  content.writeBigUInt64LE(BigInt(number) * BigInt(walFileBytes), 8);
  content.writeBigUInt64LE(system, 24);
  content[bytes - 1] = number;
  return content;
}

const objectOf = (number: number, timeline = 1) =>
  `${walPrefix("a")}${walFileName(timeline, BigInt(number))}${sealedSuffix}`;
const ship = async (number: number, origin: Origin = {}, place = number) =>
  store.put(objectOf(place), await sealObject(walFile(number, origin)));

async function shipAll(last: number): Promise<void> {
  for (let number = 1; number < last; number++) await ship(number);
  await ship(last, { bytes: 5000 });
}

async function damage(number: number): Promise<void> {
  const bytes = await store.get(objectOf(number));
  bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
  await store.put(objectOf(number), bytes);
}

const unpack = () => unpackWal(store, base, folder, () => {});
const laid = () => readdirSync(wal).map((name) => Number.parseInt(name.slice(-8), 16));

beforeEach(() => {
  Object.assign(env, { BACKUP_KEY: key });
  for (const path of [env.BACKUP_DIR, folder]) rmSync(path, { recursive: true, force: true });
  mkdirSync(wal, { recursive: true });
  writeFileSync(join(wal, walFileName(1, 1n)), walFile(1));
  const half = walFile(2);
  half.fill(0, walFileBytes / 2);
  half[6000] = 1;
  writeFileSync(join(wal, walFileName(1, 2n)), half);
});

test("nothing was shipped, or all of it: there is no gap", async () => {
  expect(await unpack()).toBeUndefined();
  expect(laid()).toEqual([1, 2]);
  await shipAll(5);
  expect(await unpack()).toBeUndefined();
  expect(laid()).toEqual([1, 2, 3, 4, 5]);
  expect(readFileSync(join(wal, walFileName(1, 2n))).at(-1)).toBe(2); // the shipped one, which is longer
});

test("a missing object ends the log, and later ones are counted, those of another timeline not", async () => {
  await shipAll(6);
  await store.put(objectOf(9, 2), await sealObject(walFile(9, { timeline: 2 })));
  await store.delete(objectOf(4));
  expect(await unpack()).toEqual({ object: objectOf(4), problem: "missing", unused: 2 });
  expect(laid()).toEqual([1, 2, 3]);
});

test("without the object in which the base backup ends, nothing behind it can be replayed", async () => {
  await shipAll(4);
  await store.delete(objectOf(2));
  expect(await unpack()).toEqual({ object: objectOf(2), problem: "missing", unused: 2 });
});

test("of what the base backup holds whole itself, an object is not needed", async () => {
  await shipAll(4);
  await store.delete(objectOf(1));
  expect(await unpack()).toBeUndefined();
  await ship(3, {}, 1);
  expect(await unpack()).toBeUndefined();
  expect(readFileSync(join(wal, walFileName(1, 1n))).at(-1)).toBe(1);
});

test("one shipped before the base backup ended does not take the place of its longer own", async () => {
  await ship(2, { bytes: 5000 });
  const own = readFileSync(join(wal, walFileName(1, 2n)));
  expect(await unpack()).toBeUndefined();
  expect(readFileSync(join(wal, walFileName(1, 2n))).equals(own)).toBe(true);
});

describe("an object of no use ends the log, also the last", () => {
  test.each([4, 5])("altered: object %i", async (number) => {
    await shipAll(5);
    await damage(number);
    expect(await unpack()).toEqual({ object: objectOf(number), problem: "damaged", unused: 5 - number });
    expect(laid()).not.toContain(number);
  });

  test("sealed with a key that is not here", async () => {
    await shipAll(5);
    Object.assign(env, { BACKUP_KEY: randomBytes(32).toString("base64") });
    await ship(4);
    Object.assign(env, { BACKUP_KEY: key });
    expect(await unpack()).toEqual({ object: objectOf(4), problem: "closed", unused: 1 });
  });

  test.each<[string, () => Promise<void>]>([
    ["another place of the log", () => ship(3, {}, 5)],
    ["another server's log", () => ship(5, { system: 8n })],
    ["another timeline's log", () => ship(5, { timeline: 2 })],
    ["no log at all", async () => store.put(objectOf(5), await sealObject(Buffer.from("x")))],
  ])("the content is that of %s", async (_, exchange) => {
    await shipAll(5);
    await exchange();
    expect(await unpack()).toEqual({ object: objectOf(5), problem: "foreign", unused: 0 });
    expect(laid()).toEqual([1, 2, 3, 4]);
  });

  test("an earlier copy of itself, while later ones are there", async () => {
    await shipAll(5);
    await ship(4, { bytes: 6000 });
    expect(await unpack()).toEqual({ object: objectOf(4), problem: "short", unused: 1 });
  });
});

test("an unpacked base backup that is not this one is refused, with its name", async () => {
  writeFileSync(join(wal, walFileName(1, 1n)), walFile(3));
  await expect(unpack()).rejects.toThrow("The parts of sets/a/base/1 belong to another backup");
  rmSync(join(wal, walFileName(1, 1n)));
  await expect(unpack()).rejects.toThrow("The parts of sets/a/base/1 belong to another backup");
});
