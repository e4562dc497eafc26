/** The keys from a terminal: shown, noted with groups from the paper, typed in again. Each command is a process of its own. */

import { randomBytes } from "node:crypto";
import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeManifest } from "#api/backup/sets.ts";
import { enterKeys, readTypedKeys } from "#api/keys/enter.ts";
import { chooseGroups, readKeysNoted } from "#api/keys/noted.ts";
import { openFolder } from "#db/backup/folder.ts";
import { backupIdentity } from "#db/backup/keys.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { keysNoted as noted } from "#db/schema/keys-noted.ts";
import { backupKeyStore, vaultKeyStore } from "#db/vault/stored-keys.ts";
import { keyIdOf, openVault } from "#db/vault/vault.ts";
import { keyGroupOf, type KeyKind, writeKey } from "#db/vault/written-keys.ts";
import { runCommand, startCommand } from "../../command.ts";
import { refusingDatabase } from "../../database.ts";

const vaultKey = Buffer.from(env.VAULT_KEY ?? "", "base64");
const backupKey = randomBytes(32);
/** The key under which everything lies in the database; a test changes it. */
let wrapping = vaultKey;
const written = { vault: writeKey("vault", vaultKey), backup: writeKey("backup", backupKey) };
const otherKey = "This is the key of the backups, not the vault's key.";
const variables = { BACKUP_KEY: written.backup };
const keptOnly = "kept to open what was sealed with it, such as backups";
env.BACKUP_KEY = written.backup;
rmSync(join(env.DATA_DIR, "backup.key")); // of the setup
afterAll(() => {
  env.BACKUP_KEY = undefined;
});

describe("keys", () => {
  test("shows both in the written form, and the backups' as age takes it; for scripts as one value", async () => {
    const { code, out } = await runCommand(["keys"], { variables });
    expect(code).toBe(0);
    for (const text of [written.vault, written.backup, backupIdentity(backupKey), keyIdOf(vaultKey), "WARNING"])
      expect(out).toContain(text);
    const json = await runCommand(["keys", "--json"], {
      variables: { ...variables, DATABASE_URL: refusingDatabase },
    });
    expect([json.code, json.err, JSON.parse(json.out)]).toEqual([
      0,
      "",
      {
        vault: [{ id: keyIdOf(vaultKey), written: written.vault }],
        backup: [{ id: keyIdOf(backupKey), written: written.backup }],
        in_use: { vault: keyIdOf(vaultKey), backup: keyIdOf(backupKey) },
        age_identity: backupIdentity(backupKey),
      },
    ]);
  });

  test("shows those of before a rotation as well, each once", async () => {
    const older = randomBytes(32);
    const both = `${env.VAULT_KEY},${older.toString("base64")},${env.VAULT_KEY}`;
    const { out } = await runCommand(["keys"], { variables: { ...variables, VAULT_KEY: both } });
    expect(out.split(written.vault)).toHaveLength(2);
    expect(out).toContain(`key id ${keyIdOf(vaultKey)}, in VAULT_KEY: IN USE NOW`);
    expect(out).toContain(`${keptOnly} (key id ${keyIdOf(older)}):\n  ${writeKey("vault", older)}`);
  });

  test("asks the database which is in use: one that stands before it waits for its rotation", async () => {
    const fresh = randomBytes(32);
    const both = `${fresh.toString("base64")},${env.VAULT_KEY}`;
    const { out } = await runCommand(["keys"], { variables: { ...variables, VAULT_KEY: both } });
    expect(out).toContain(`key id ${keyIdOf(vaultKey)}, in VAULT_KEY: IN USE NOW`);
    expect(out).toContain(`rotate-key goes on with it (key id ${keyIdOf(fresh)})`);
    const VAULT_KEY = fresh.toString("base64");
    const without = await runCommand(["keys"], { variables: { ...variables, VAULT_KEY } });
    expect([without.code, without.out]).toEqual([
      1,
      expect.stringContaining(`The one in use, key id ${keyIdOf(vaultKey)}, is not here.`),
    ]);
  });

  test("says of a key that is missing beside a database how it comes back, and what happens otherwise", async () => {
    const DATA_DIR = join(env.DATA_DIR, "empty");
    const { code, out } = await runCommand(["keys"], { variables: { DATA_DIR, VAULT_KEY: "", BACKUP_KEY: "" } });
    expect([code, out.match(/It is missing: a database is here/gu)?.length, existsSync(DATA_DIR)]).toEqual([
      ...[1, 2, false],
    ]);
    for (const text of ["keys enter vault", "No start makes another", "keys enter backup", "opens no backup of before"])
      expect(out).toContain(text);
  });

  test("makes none, and says where there is none", async () => {
    const DATA_DIR = join(env.DATA_DIR, "empty");
    const { code, out } = await runCommand(["keys"], {
      variables: { DATA_DIR, VAULT_KEY: "", BACKUP_KEY: "", DATABASE_URL: refusingDatabase },
    });
    expect([code, out.match(/There is none here/gu)?.length, existsSync(DATA_DIR)]).toEqual([1, 2, false]);
  });
});

describe("keys noted", () => {
  beforeEach(async () => void (await db.delete(noted)));

  /** Answers each question of the command; returns what was asked, "vault 7". */
  async function answering(answer: (kind: KeyKind, number: number) => string, more: Record<string, string> = {}) {
    const { child, ended } = await startCommand(["keys", "noted"], {
      variables: { ...variables, ...more },
      keepInputOpen: true,
    });
    const asked: string[] = [];
    child.stderr?.on("data", (chunk: Buffer) => {
      for (const [, kind, number] of chunk.toString().matchAll(/(vault|backup) key, group (\d+) of 13: /gu)) {
        asked.push(`${kind} ${number}`);
        child.stdin?.write(`${answer(kind as KeyKind, Number(number))}\n`);
      }
    });
    return { ...(await ended), asked };
  }

  const fromPaper = (kind: KeyKind, number: number) => keyGroupOf(written[kind], number);

  test("asks for two groups of each, and asks no more once they were right, in whatever case and width", async () => {
    expect(await readKeysNoted()).toEqual({ vault: false, backup: false });
    const { code, out, asked } = await answering((kind, number) => ` ${fromPaper(kind, number).toLowerCase()}　`);
    expect([code, out]).toEqual([0, "vault key: noted\nbackup key: noted\n"]);
    expect(asked.map((one) => one.split(" ")[0])).toEqual(["vault", "vault", "backup", "backup"]);
    expect(new Set(asked).size).toBe(4);
    expect(await readKeysNoted()).toEqual({ vault: true, backup: true });
    const rows = await db.select().from(noted);
    expect(rows.map(({ kind, keyId }) => [kind, keyId]).toSorted()).toEqual([
      ["backup", keyIdOf(backupKey)],
      ["vault", keyIdOf(vaultKey)],
    ]);
    expect(rows.every(({ notedBy }) => notedBy !== "")).toBe(true);
    expect((await answering(fromPaper)).asked).toEqual([]);
  });

  test("a wrong group of one leaves that one unnoted, says so, and fails", async () => {
    const { code, out } = await answering((kind, number) => (kind === "vault" ? "AAAAA" : fromPaper(kind, number)));
    expect([code, out]).toEqual([1, expect.stringMatching(/^Group \d+ of the vault key is not as it was written/u)]);
    expect(out).toContain("vault key: not noted\nbackup key: noted\n");
    expect(await readKeysNoted()).toEqual({ vault: false, backup: true });
  });

  test("standard input that ends notes nothing", async () => {
    const { code } = await runCommand(["keys", "noted"], { variables });
    expect([code, await readKeysNoted()]).toEqual([1, { vault: false, backup: false }]);
  });

  test("after a rotation the new keys are asked for", async () => {
    await answering(fromPaper);
    const [freshVault, freshBackup] = [randomBytes(32), randomBytes(32)];
    env.BACKUP_KEY = `${writeKey("backup", freshBackup)},${written.backup}`;
    expect(await readKeysNoted()).toEqual({ vault: true, backup: false });
    env.BACKUP_KEY = written.backup;
    const VAULT_KEY = `${freshVault.toString("base64")},${env.VAULT_KEY}`;
    env.VAULT_KEY = VAULT_KEY;
    await openVault();
    expect(await readKeysNoted()).toEqual({ vault: true, backup: true }); // the old one still wraps everything
    expect((await runCommand(["rotate-key", "--key-is-stored"], { variables: { ...variables, VAULT_KEY } })).code).toBe(
      0,
    );
    wrapping = freshVault;
    await openVault();
    expect(await readKeysNoted()).toEqual({ vault: false, backup: true });
    const { asked } = await answering((_, number) => keyGroupOf(writeKey("vault", freshVault), number), { VAULT_KEY });
    expect([asked.length, await readKeysNoted()]).toEqual([2, { vault: true, backup: true }]);
  });

  test("groups are two different ones of thirteen, and every one comes up", () => {
    const chosen = Array.from({ length: 2000 }, chooseGroups);
    expect(chosen.filter(([one, other]) => one < 1 || other > 13 || one >= other)).toEqual([]);
    expect(new Set(chosen.flat()).size).toBe(13);
  });
});

describe("keys enter", () => {
  const DATA_DIR = join(env.DATA_DIR, "another machine");
  const usual = { DATA_DIR: env.DATA_DIR, VAULT_KEY: env.VAULT_KEY, BACKUP_KEY: written.backup };
  beforeEach(() => {
    rmSync(DATA_DIR, { recursive: true, force: true });
    Object.assign(env, { DATA_DIR, VAULT_KEY: undefined, BACKUP_KEY: undefined });
  });
  afterEach(() => Object.assign(env, usual));
  const fileOf = (kind: KeyKind) => join(DATA_DIR, `${kind}.key`);

  test("stores a key from standard input on a machine that has nothing yet, without a database", async () => {
    const variables = { DATA_DIR, VAULT_KEY: "", BACKUP_KEY: "", DATABASE_URL: refusingDatabase };
    const input = `${written.vault.replaceAll("-", " ").toLowerCase()}\n`;
    const { code, out } = await runCommand(["keys", "enter", "vault"], { variables, input });
    expect([code, out]).toEqual([0, expect.stringContaining(fileOf("vault"))]);
    expect([vaultKeyStore.keys(), statSync(fileOf("vault")).mode & 0o777]).toEqual([[vaultKey], 0o600]);
  });

  /** Types each of these keys in, in a command of its own. Returns what the last one said. */
  async function enter(kind: KeyKind, keys: Buffer[], more: Record<string, string> = {}): Promise<string> {
    let said = "";
    for (const key of keys) {
      const variables = { DATA_DIR, VAULT_KEY: "", BACKUP_KEY: "", BACKUP_DIR: backups, ...more };
      const { code, out } = await runCommand(["keys", "enter", kind], { variables, input: `${writeKey(kind, key)}\n` });
      expect(code).toBe(0);
      said = out;
    }
    return said;
  }
  const backups = join(env.DATA_DIR, "backups of before");

  test("the database says which of the vault's is in use, in whatever order they are typed", async () => {
    const older = randomBytes(32);
    const said = await enter("vault", [older, wrapping]);
    expect(vaultKeyStore.keys()).toEqual([wrapping, older]);
    expect(said).toContain(`in use: key id ${keyIdOf(wrapping)}, as the database says`);
    expect(said).toContain(`kept to open older things: key id ${keyIdOf(older)}`);
    rmSync(DATA_DIR, { recursive: true });
    expect(await enter("vault", [older])).toContain(`This database needs another one, key id ${keyIdOf(wrapping)}`);
  });

  test("the newest backup says which of the backups' is in use", async () => {
    const older = randomBytes(32);
    const at = new Date();
    env.BACKUP_KEY = written.backup;
    await writeManifest(openFolder(backups), {
      ...{ format: 1, set: "a", id: "1", version: "0", startedAt: at, finishedAt: at, timeline: 1 },
      ...{ startLsn: "0/1", stopLsn: "0/2", parts: 0, bytes: 0, sealedBytes: 0, vaultKey: "", rows: {} },
    });
    env.BACKUP_KEY = undefined;
    const said = await enter("backup", [older, backupKey]);
    expect(backupKeyStore.keys()).toEqual([backupKey, older]);
    expect(said).toContain(`in use: key id ${keyIdOf(backupKey)}, with which the newest backup was sealed`);
  });

  test("where nothing tells, the one typed first is in use, and it is said how to change that", async () => {
    const older = randomBytes(32);
    const nothing = { DATABASE_URL: refusingDatabase, BACKUP_DIR: join(DATA_DIR, "none") };
    for (const kind of ["vault", "backup"] as const) {
      const said = await enter(kind, [backupKey, older], nothing);
      expect(said).toContain(`in use: key id ${keyIdOf(backupKey)}, since it stands first in ${fileOf(kind)}`);
      expect(said).toContain("type all of them again, the newest first");
    }
    expect(vaultKeyStore.keys()).toEqual([backupKey, older]);
  });

  test("where the variable is set it is refused before anything is typed, with what to do instead", async () => {
    const { code, out, err } = await runCommand(["keys", "enter", "vault"], { variables: { DATA_DIR } });
    expect([code, out]).toEqual([1, ""]);
    expect(err).not.toContain("Type the 13 groups");
    expect(err).toContain('VAULT_KEY="IN USE,OLDER"');
    expect(err).toContain("env -u VAULT_KEY");
  });

  test("behind a key that is here, once: it opens, and does not become the one that seals", () => {
    const other = randomBytes(32);
    expect(enterKeys("backup", [other])).toEqual([keyIdOf(other)]);
    expect(enterKeys("backup", [backupKey])).toEqual([keyIdOf(backupKey)]);
    expect(enterKeys("backup", [backupKey, other])).toEqual([]);
    expect(backupKeyStore.keys()).toEqual([other, backupKey]);
  });

  test("a wrong key is refused and stored nowhere; another word is wrong usage", async () => {
    const variables = { DATA_DIR, VAULT_KEY: "", BACKUP_KEY: "" };
    const { code, err } = await runCommand(["keys", "enter", "vault"], { variables, input: written.backup });
    expect([code, err, existsSync(DATA_DIR)]).toEqual([1, expect.stringContaining(otherKey), false]);
    expect((await runCommand(["keys", "enter", "door"], { variables })).code).toBe(2);
  });

  test("where the variable holds the keys it says so", () => {
    env.BACKUP_KEY = written.backup;
    expect(() => enterKeys("backup", [randomBytes(32)])).toThrow("BACKUP_KEY is set here");
  });
});

describe("typing a key", () => {
  /** What is read from these lines, and what is said meanwhile. */
  async function type(...lines: string[]) {
    const said: string[] = [];
    const rest = [...lines];
    const keys = await readTypedKeys(
      "vault",
      async () => rest.shift(),
      (sentence) => said.push(sentence),
    );
    return { keys, said };
  }
  const groups = written.vault.split("-");

  test("group by group, or as base64", async () => {
    expect(await type(...groups)).toEqual({ keys: [vaultKey], said: [] });
    expect(await type(vaultKey.toString("base64"))).toEqual({ keys: [vaultKey], said: [] });
  });

  test("a wrong group is named and typed again alone", async () => {
    const slip = groups.with(4, "AAAAA").join(" ");
    const { keys, said } = await type(slip, `５　${groups[4]?.toLowerCase()}`);
    expect([keys, said]).toEqual([[vaultKey], [expect.stringMatching(/^Group 5 \(AAAAA\) is not as it was written/u)]]);
  });

  test("so is one that is too short, and after one too many all is typed again", async () => {
    const short = await type(groups.with(9, "ABC").join("-"), `10: ${groups[9]}`);
    expect([short.keys, short.said]).toEqual([[vaultKey], [expect.stringContaining("Group 10 (ABC) has 3.")]]);
    const long = await type([...groups, "ABCDE"].join("-"), written.vault);
    expect([long.keys, long.said]).toEqual([[vaultKey], [expect.stringContaining("Type all of it again.")]]);
  });

  test("what never becomes a key is refused with the last that was said", async () => {
    await expect(type()).rejects.toThrow("Nothing was typed.");
    await expect(type(written.backup)).rejects.toThrow(otherKey);
    await expect(type(groups.with(12, "AAAAA").join(" "))).rejects.toThrow("Group 13 (AAAAA)");
  });

  test("groups that are missing when the lines end are counted", async () => {
    const one = groups.slice(0, 12).join("-");
    await expect(type(one)).rejects.toThrow("One group is missing: 12 of 13 were typed. Nothing was stored.");
    await expect(type(groups.slice(3).join("-"))).rejects.toThrow("3 groups are missing: 10 of 13 were typed.");
    await expect(type(groups.toSpliced(4, 1).join("-"))).rejects.toThrow("Look at group 5 first.");
  });

  test("an empty line asks what is wrong so far", async () => {
    const { said } = await type(groups.slice(0, 12).join("-"), "", groups[12] ?? "");
    expect(said).toEqual([expect.stringContaining("here are 60 characters in all")]);
  });
});
