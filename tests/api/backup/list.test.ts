/** `backup list`: what an administrator reads before a restore. */

import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { backupCommands } from "#api/backup/command.ts";
import { exportToStore } from "#api/backup/exports.ts";
import { walPrefix, writeManifest } from "#api/backup/sets.ts";
import { openFolder } from "#db/backup/folder.ts";
import { sealObject, sealedSuffix } from "#db/backup/seal.ts";
import { momentInTokyo } from "#db/calendar/days.ts";
import { walFileName } from "#db/cluster/wal-files.ts";
import { env } from "#db/env.ts";
import { keyIdOf } from "#db/vault/vault.ts";

const store = openFolder(env.BACKUP_DIR);
const [lost, key] = [randomBytes(32), randomBytes(32)];
const hold = (one: Buffer) => void Object.assign(env, { BACKUP_KEY: one.toString("base64") });

async function addBase(id: string, iso: string, cases: number): Promise<void> {
  const at = new Date(iso);
  await writeManifest(store, {
    ...{ format: 1, set: "a", id, version: "0", startedAt: at, finishedAt: at, timeline: 1, startLsn: "0/1" },
    ...{ stopLsn: "0/2", parts: 0, bytes: 0, sealedBytes: 1024 * 1024, vaultKey: "", rows: { cases } },
  });
}

async function list() {
  const answer = await backupCommands["backup list"]?.run([env.BACKUP_DIR], {}, new Set());
  if (!answer) throw new Error("there is no such command");
  return { ...answer, text: answer.lines.join("\n") };
}

beforeEach(() => {
  rmSync(env.BACKUP_DIR, { recursive: true, force: true });
  hold(key);
});

test("says times as they are in Tokyo, and that the counts are the base's where the log goes on", async () => {
  await addBase("20261101T200000Z", "2026-11-01T20:00:00Z", 10);
  await addBase("20261108T200000Z", "2026-11-08T20:00:00Z", 20);
  expect((await list()).text).not.toContain("log since");
  await store.put(`${walPrefix("a")}${walFileName(1, 0n)}${sealedSuffix}`, await sealObject(randomBytes(9)));
  const [log] = await store.list(walPrefix("a"));
  const { lines, failed } = await list();
  expect(lines).toEqual([
    env.BACKUP_DIR,
    "Times are those of Asia/Tokyo.",
    `2026-11-02T05:00:00+09:00   1.0 MB   10 cases   set a, base 20261101T200000Z   key id ${keyIdOf(key)}`,
    `2026-11-09T05:00:00+09:00   1.0 MB   20 cases   set a, base 20261108T200000Z   key id ${keyIdOf(key)}`,
    `  and the log since, until ${momentInTokyo(log?.writtenAt ?? new Date(0))}: a restore brings that back, too (the cases counted are the base's)`,
  ]);
  expect(failed).toBe(false);
});

test("names what no key here opens, with the reason and how to type the key in", async () => {
  hold(lost);
  await addBase("20261101T200000Z", "2026-11-01T20:00:00Z", 10);
  await exportToStore(store, { now: new Date("2026-11-02T00:00:00Z") });
  hold(key);
  const closed = await list();
  expect(closed.text).toContain("2026-11-02T05:00:00+09:00   set a, base 20261101T200000Z   NOT OPENED");
  expect(closed.text).toMatch(/export 20261102T000000Z {3}NOT OPENED/u);
  expect(closed.text).toContain("NOT OPENED: 2. No key for backups that is here opens");
  expect(closed.text).toContain("keys enter backup");
  expect(closed.failed).toBe(true);
  await addBase("20261108T200000Z", "2026-11-08T20:00:00Z", 20);
  const mixed = await list();
  expect([mixed.failed, mixed.text.match(/NOT OPENED$/gmu)?.length]).toEqual([false, 2]);
});

test("says that there is none, and of a folder that is not there that", async () => {
  await expect(list()).rejects.toThrow(`There is no folder ${env.BACKUP_DIR}.`);
  mkdirSync(env.BACKUP_DIR, { recursive: true });
  expect((await list()).lines).toEqual([env.BACKUP_DIR, "no backup"]);
});
