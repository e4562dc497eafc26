/** Which key of the backups is the newest, told by what was sealed last. */

import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { lastBackupKey } from "#api/backup/last-key.ts";
import { walPrefix, writeManifest } from "#api/backup/sets.ts";
import { openFolder } from "#db/backup/folder.ts";
import { sealObject, sealedSuffix } from "#db/backup/seal.ts";
import { walFileName } from "#db/cluster/wal-files.ts";
import { env } from "#db/env.ts";
import { keyIdOf } from "#db/vault/vault.ts";

const store = openFolder(env.BACKUP_DIR);
const [older, newer] = [randomBytes(32), randomBytes(32)];
const [olderId, newerId] = [keyIdOf(older), keyIdOf(newer)];
const hold = (...keys: Buffer[]) =>
  void Object.assign(env, { BACKUP_KEY: keys.map((key) => key.toString("base64")).join(",") });

async function addBase(key: Buffer, set: string, id: string, file: number): Promise<void> {
  hold(key);
  const at = new Date("2026-11-28T00:00:00Z");
  const lsn = (offset: number) => `0/${(file * 16 * 1024 * 1024 + offset).toString(16).toUpperCase()}`;
  await writeManifest(store, {
    ...{ format: 1, set, id, version: "0", startedAt: at, finishedAt: at, timeline: 1, startLsn: lsn(40) },
    ...{ stopLsn: lsn(400), parts: 0, bytes: 0, sealedBytes: 0, vaultKey: "", rows: {} },
  });
}

async function addLog(key: Buffer, set: string, file: number): Promise<void> {
  hold(key);
  await store.put(`${walPrefix(set)}${walFileName(1, BigInt(file))}${sealedSuffix}`, await sealObject(randomBytes(9)));
}

beforeEach(() => rmSync(env.BACKUP_DIR, { recursive: true, force: true }));

test("the log that was shipped after the base, whatever the order of the keys here", async () => {
  await addBase(older, "a", "1", 1);
  await addLog(newer, "a", 2);
  for (const keys of [
    [older, newer],
    [newer, older],
  ]) {
    hold(...keys);
    expect(await lastBackupKey(store)).toBe(newerId);
  }
});

test("the base, where the log is of before it, though its file may have been copied later", async () => {
  await addBase(newer, "a", "1", 3);
  await addLog(older, "a", 2);
  await addLog(older, "a", 3); // in which the base itself ends
  hold(older, newer);
  expect(await lastBackupKey(store)).toBe(newerId);
});

test("of several databases the newest tells, unless one is named", async () => {
  await addBase(older, "a", "1", 9);
  await addBase(newer, "b", "2", 1);
  hold(older, newer);
  expect([await lastBackupKey(store), await lastBackupKey(store, "a")]).toEqual([newerId, olderId]);
});

test("nothing is told by an empty place, and by a newest backup that no key here opens", async () => {
  hold(older);
  expect(await lastBackupKey(store)).toBeUndefined();
  await addBase(older, "a", "1", 1);
  await addBase(newer, "a", "2", 2);
  hold(older);
  expect(await lastBackupKey(store)).toBeUndefined();
});
