/** After a restore the newest keys come first, in whatever order they were typed. */

import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeManifest } from "#api/backup/sets.ts";
import { settleKeys } from "#api/restore/settle-keys.ts";
import { openFolder } from "#db/backup/folder.ts";
import { env } from "#db/env.ts";
import { backupKeyStore, vaultKeyStore } from "#db/vault/stored-keys.ts";
import { keyIdOf, openVault } from "#db/vault/vault.ts";

const store = openFolder(env.BACKUP_DIR);
const { VAULT_KEY = "" } = env;
const vaultKey = Buffer.from(VAULT_KEY, "base64");
const [olderVault, older, newer] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const textOf = (...keys: Buffer[]) => keys.map((key) => `${key.toString("base64")}\n`).join("");

beforeEach(async () => {
  Object.assign(env, { VAULT_KEY: undefined, BACKUP_KEY: undefined });
  writeFileSync(vaultKeyStore.path(), textOf(olderVault, vaultKey), { mode: 0o600 });
  writeFileSync(backupKeyStore.path(), textOf(newer), { mode: 0o600 });
  const at = new Date();
  await writeManifest(store, {
    ...{ format: 1, set: "a", id: "1", version: "0", startedAt: at, finishedAt: at, timeline: 1 },
    ...{ startLsn: "0/1", stopLsn: "0/2", parts: 0, bytes: 0, sealedBytes: 0, vaultKey: "", rows: {} },
  });
  writeFileSync(backupKeyStore.path(), textOf(older, newer), { mode: 0o600 });
  await openVault();
});
afterEach(async () => {
  for (const { path } of [vaultKeyStore, backupKeyStore]) rmSync(path());
  rmSync(env.BACKUP_DIR, { recursive: true });
  Object.assign(env, { VAULT_KEY, BACKUP_KEY: undefined });
  await openVault();
});

test("typed oldest first, each file has the newest first afterwards, and it is said which is in use", async () => {
  const said = await settleKeys(store, "a");
  expect(readFileSync(vaultKeyStore.path(), "utf8")).toBe(textOf(vaultKey, olderVault));
  expect(readFileSync(backupKeyStore.path(), "utf8")).toBe(textOf(newer, older));
  expect(said).toEqual([
    expect.stringContaining(
      `The vault key in use is ${keyIdOf(vaultKey)}; kept to open older things: ${keyIdOf(olderVault)}.`,
    ),
    expect.stringContaining(
      `The backup key in use is ${keyIdOf(newer)}; kept to open older things: ${keyIdOf(older)}.`,
    ),
  ]);
  expect((await settleKeys(store, "a")).join()).not.toContain("now"); // nothing left to change
});

test("a variable that begins with another key is named, since no command can write it", async () => {
  env.BACKUP_KEY = `${older.toString("base64")},${newer.toString("base64")}`;
  const said = (await settleKeys(store, "a")).join("\n");
  expect(said).toContain(`BACKUP_KEY begins with key ${keyIdOf(older)}, but the newest is ${keyIdOf(newer)}`);
  expect(readFileSync(backupKeyStore.path(), "utf8")).toBe(textOf(older, newer));
});

test("where no backup tells, the order stays, and nothing is said of one key alone", async () => {
  writeFileSync(vaultKeyStore.path(), textOf(vaultKey), { mode: 0o600 });
  expect(await settleKeys(undefined)).toEqual([]);
  expect(readFileSync(backupKeyStore.path(), "utf8")).toBe(textOf(older, newer));
});
