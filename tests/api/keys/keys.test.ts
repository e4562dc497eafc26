/** The keys from a terminal: shown, noted with groups from the paper, typed in again. Each command is a process of its own. */

import { randomBytes } from "node:crypto";
import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { readTypedKeys } from "#api/keys/enter.ts";
import { chooseGroups, keysNoted } from "#api/keys/noted.ts";
import { backupIdentity } from "#db/backup/keys.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { keysNoted as noted } from "#db/schema/keys-noted.ts";
import { keyIdOf, openVault } from "#db/vault/vault.ts";
import { groupOf, type KeyKind, writeKey } from "#db/vault/written-keys.ts";
import { runCommand, startCommand } from "../../command.ts";

const vaultKey = Buffer.from(env.VAULT_KEY ?? "", "base64");
const backupKey = randomBytes(32);
const written = { vault: writeKey("vault", vaultKey), backup: writeKey("backup", backupKey) };
const variables = { BACKUP_KEY: written.backup };
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
      variables: { ...variables, DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" },
    });
    expect([json.code, json.err, JSON.parse(json.out)]).toEqual([
      0,
      "",
      {
        vault: [{ id: keyIdOf(vaultKey), written: written.vault }],
        backup: [{ id: keyIdOf(backupKey), written: written.backup }],
        age_identity: backupIdentity(backupKey),
      },
    ]);
  });

  test("shows those of before a rotation as well, each once", async () => {
    const older = randomBytes(32);
    const both = `${env.VAULT_KEY},${older.toString("base64")},${env.VAULT_KEY}`;
    const { out } = await runCommand(["keys"], { variables: { ...variables, VAULT_KEY: both } });
    expect(out.split(written.vault)).toHaveLength(2);
    expect(out).toContain(`older, for backups of before (key id ${keyIdOf(older)}):\n  ${writeKey("vault", older)}`);
  });

  test("makes none, and says where there is none", async () => {
    const DATA_DIR = join(env.DATA_DIR, "empty");
    const { code, out } = await runCommand(["keys"], { variables: { DATA_DIR, VAULT_KEY: "", BACKUP_KEY: "" } });
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

  const fromPaper = (kind: KeyKind, number: number) => groupOf(written[kind], number);

  test("asks for two groups of each, and asks no more once they were right, in whatever case and width", async () => {
    expect(await keysNoted()).toEqual({ vault: false, backup: false });
    const { code, out, asked } = await answering((kind, number) => ` ${fromPaper(kind, number).toLowerCase()}　`);
    expect([code, out]).toEqual([0, "vault key: noted\nbackup key: noted\n"]);
    expect(asked.map((one) => one.split(" ")[0])).toEqual(["vault", "vault", "backup", "backup"]);
    expect(new Set(asked).size).toBe(4);
    expect(await keysNoted()).toEqual({ vault: true, backup: true });
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
    expect(await keysNoted()).toEqual({ vault: false, backup: true });
  });

  test("standard input that ends notes nothing", async () => {
    const { code } = await runCommand(["keys", "noted"], { variables });
    expect([code, await keysNoted()]).toEqual([1, { vault: false, backup: false }]);
  });

  test("after a rotation the new keys are asked for", async () => {
    await answering(fromPaper);
    const [freshVault, freshBackup] = [randomBytes(32), randomBytes(32)];
    env.BACKUP_KEY = `${writeKey("backup", freshBackup)},${written.backup}`;
    expect(await keysNoted()).toEqual({ vault: true, backup: false });
    env.BACKUP_KEY = written.backup;
    const VAULT_KEY = `${freshVault.toString("base64")},${env.VAULT_KEY}`;
    env.VAULT_KEY = VAULT_KEY;
    await openVault();
    expect(await keysNoted()).toEqual({ vault: true, backup: true }); // the old one still wraps everything
    expect((await runCommand(["rotate-key", "--key-is-stored"], { variables: { ...variables, VAULT_KEY } })).code).toBe(
      0,
    );
    await openVault();
    expect(await keysNoted()).toEqual({ vault: false, backup: true });
    const { asked } = await answering((_, number) => groupOf(writeKey("vault", freshVault), number), { VAULT_KEY });
    expect([asked.length, await keysNoted()]).toEqual([2, { vault: true, backup: true }]);
  });

  test("groups are two different ones of thirteen, and every one comes up", () => {
    const chosen = Array.from({ length: 2000 }, chooseGroups);
    expect(chosen.filter(([one, other]) => one < 1 || other > 13 || one >= other)).toEqual([]);
    expect(new Set(chosen.flat()).size).toBe(13);
  });
});

describe("keys enter", () => {
  const DATA_DIR = join(env.DATA_DIR, "another machine");
  const none = { DATA_DIR, VAULT_KEY: "", BACKUP_KEY: "" };
  beforeEach(() => rmSync(DATA_DIR, { recursive: true, force: true }));

  test.each(["vault", "backup"] as const)(
    "stores the %s key on a machine that has nothing yet, without a database",
    async (kind) => {
      const input = `${written[kind].replaceAll("-", " ").toLowerCase()}\n`;
      const { code, out } = await runCommand(["keys", "enter", kind], { variables: none, input });
      expect([code, out]).toEqual([0, expect.stringContaining(join(DATA_DIR, `${kind}.key`))]);
      expect(statSync(join(DATA_DIR, `${kind}.key`)).mode & 0o777).toBe(0o600);
      const shown = await runCommand(["keys", "--json"], { variables: none });
      expect(JSON.parse(shown.out)).toMatchObject({ [kind]: [{ written: written[kind] }] });
      const again = await runCommand(["keys", "enter", kind], { variables: none, input });
      expect([again.code, again.out]).toEqual([0, "It was here already.\n"]);
    },
  );

  test("behind a key that is here: it opens, and does not become the one that seals", async () => {
    const other = writeKey("backup", randomBytes(32));
    for (const key of [other, written.backup])
      await runCommand(["keys", "enter", "backup"], { variables: none, input: `${key}\n` });
    const { out } = await runCommand(["keys", "--json"], { variables: none });
    expect(JSON.parse(out)).toMatchObject({ backup: [{ written: other }, { written: written.backup }] });
  });

  test("the other key, a wrong one and nothing at all are refused and stored nowhere", async () => {
    for (const [input, sentence] of [
      [written.backup, "This is the key of the backups, not the vault's key."],
      [written.vault.replace(/.$/u, (last) => (last === "A" ? "B" : "A")), "Group 13 ("],
      ["", "Nothing was typed."],
    ] as const) {
      const { code, err } = await runCommand(["keys", "enter", "vault"], { variables: none, input });
      expect([code, err, existsSync(DATA_DIR)]).toEqual([1, expect.stringContaining(sentence), false]);
    }
  });

  test("where the variable holds the keys it says so, and another word is wrong usage", async () => {
    const set = await runCommand(["keys", "enter", "backup"], { variables, input: written.backup });
    expect([set.code, set.err]).toEqual([1, expect.stringContaining("BACKUP_KEY is set: put the key into it")]);
    expect((await runCommand(["keys", "enter", "door"], { variables: none })).code).toBe(2);
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

  test("an empty line asks what is wrong so far", async () => {
    const { said } = await type(groups.slice(0, 12).join("-"), "", groups[12] ?? "");
    expect(said).toEqual([expect.stringContaining("here are 60 characters in all")]);
  });
});
