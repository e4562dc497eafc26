import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { basePrefix, type BackupManifest, backupManifestName, readBases, writeManifest } from "#api/backup/sets.ts";
import { chooseBase } from "#api/restore/choose-base.ts";
import { openFolder } from "#db/backup/folder.ts";
import { env } from "#db/env.ts";
import { Refused } from "#db/errors.ts";
import { keyIdOf } from "#db/vault/vault.ts";

Object.assign(env, { BACKUP_KEY: randomBytes(32).toString("base64") });
const vaultKey = keyIdOf(Buffer.from(env.VAULT_KEY ?? "", "base64"));
const store = openFolder(env.BACKUP_DIR);

async function addBase(set: string, day: string, cases: number, more: Partial<BackupManifest> = {}): Promise<void> {
  const at = new Date(`${day}T00:00:00Z`);
  await writeManifest(store, {
    ...{ format: 1, set, id: day, version: "0", startedAt: at, finishedAt: at, timeline: 1 },
    ...{ startLsn: "0/1", stopLsn: "0/1", parts: 0, bytes: 0, sealedBytes: 0, vaultKey, rows: { cases } },
    ...more,
  });
}

const chosen = async (by: Parameters<typeof chooseBase>[1]) => {
  const { set, id } = await chooseBase(store, by);
  return `${set} ${id}`;
};

beforeEach(() => rmSync(env.BACKUP_DIR, { recursive: true, force: true }));

test("the newest; with a moment the newest that ended before it", async () => {
  await addBase("a", "2026-11-01", 10);
  await addBase("a", "2026-11-08", 20);
  expect(await chosen({})).toBe("a 2026-11-08");
  expect(await chosen({ at: new Date("2026-11-07T00:00:00Z") })).toBe("a 2026-11-01");
  await expect(chosen({ at: new Date("2026-10-31T00:00:00Z") })).rejects.toThrow("2026-11-01T09:00:00+09:00");
});

test("somebody began anew after a loss: the empty database's backup, though newer, is not taken unasked", async () => {
  await addBase("a", "2026-11-01", 214);
  await addBase("b", "2026-11-08", 0);
  await expect(chosen({})).rejects.toThrow(Refused);
  await expect(chosen({})).rejects.toThrow(/a {3}last base .* 214 cases\n.*b {3}last base .* 0 cases/u);
  expect(await chosen({ set: "a" })).toBe("a 2026-11-01");
  expect(await chosen({ set: "b" })).toBe("b 2026-11-08");
});

test("after a restore the newer set, which holds as much, is taken unasked", async () => {
  await addBase("a", "2026-11-01", 214);
  await addBase("b", "2026-11-08", 214);
  expect(await chosen({})).toBe("b 2026-11-08");
});

test("an unknown set is refused with those there are", async () => {
  await addBase("a", "2026-11-01", 1);
  await expect(chosen({ set: "z" })).rejects.toThrow(/There is no set z\.[^]*a {3}last base/u);
});

test("an empty place says where it looked", async () => {
  await expect(chosen({})).rejects.toThrow(env.BACKUP_DIR);
});

test("an export in its place names the command that brings it back", async () => {
  mkdirSync(env.BACKUP_DIR, { recursive: true });
  writeFileSync(join(env.BACKUP_DIR, "manifest.json"), "{}");
  await expect(chosen({})).rejects.toThrow(
    `${env.BACKUP_DIR} is an export, not a backup. Bring it back with: npm run -s cli -- import ${env.BACKUP_DIR}`,
  );
  rmSync(join(env.BACKUP_DIR, "manifest.json"));
  await store.put("exports/20261101T000000Z/manifest.json/0000.part", Buffer.from("x"));
  await expect(chosen({})).rejects.toThrow(`import (with BACKUP_DIR=${env.BACKUP_DIR})`);
});

test("a backup whose vault key is not here names that key, before anything is unpacked", async () => {
  await addBase("a", "2026-11-01", 1, { vaultKey: "00c0ffee" });
  await expect(chosen({})).rejects.toThrow("00c0ffee");
});

describe("the manifest of a base backup was altered", () => {
  const alter = async (set: string, id: string) => {
    const bytes = await store.get(backupManifestName({ set, id }));
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
    await store.put(backupManifestName({ set, id }), bytes);
  };

  test("the newest is refused with its name and the older one that can be chosen; an older one hinders nothing", async () => {
    await addBase("a", "2026-11-01", 1);
    await addBase("a", "2026-11-08", 2);
    await alter("a", "2026-11-01");
    expect(await chosen({})).toBe("a 2026-11-08");
    await addBase("a", "2026-11-15", 3);
    await alter("a", "2026-11-15");
    await expect(chosen({})).rejects.toThrow(
      `${backupManifestName({ set: "a", id: "2026-11-15" })} was altered or cut off. The base backup before it, of 2026-11-08T09:00:00+09:00, is there: restore with --base 2026-11-08 (with the log since, it brings back as much)`,
    );
    expect(await chosen({ baseId: "2026-11-08" })).toBe("a 2026-11-08");
  });

  test("where the one before is another database's, the sentence says so; a chosen set is looked at alone", async () => {
    await addBase("a", "2026-11-01", 1);
    await addBase("b", "2026-11-08", 1);
    await alter("b", "2026-11-08");
    await expect(chosen({})).rejects.toThrow("restore with --base 2026-11-01 (it is another database's");
    expect(await chosen({ set: "a" })).toBe("a 2026-11-01");
  });

  test("where none opens, the sentence names it", async () => {
    await addBase("a", "2026-11-01", 1);
    await alter("a", "2026-11-01");
    await expect(chosen({})).rejects.toThrow(`${backupManifestName({ set: "a", id: "2026-11-01" })} was altered`);
  });

  test("one that was laid in another's place is not taken for it", async () => {
    await addBase("a", "2026-11-01", 1);
    await addBase("b", "2026-11-08", 1);
    await store.put(
      `${basePrefix("b")}2026-11-08/manifest.json.zst.age`,
      await store.get(backupManifestName({ set: "a", id: "2026-11-01" })),
    );
    expect((await readBases(store)).closed).toEqual([{ set: "b", id: "2026-11-08", isDamaged: true }]);
  });
});

test("a base backup that nobody took is refused", async () => {
  await addBase("a", "2026-11-01", 1);
  await expect(chosen({ baseId: "2026-11-02" })).rejects.toThrow("There is no base backup 2026-11-02");
});
