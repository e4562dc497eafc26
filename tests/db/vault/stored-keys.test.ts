/** Keys in variables and files, as base64 or as they were written down; the vault's and the backups' by the same rules. */

import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { env } from "#db/env.ts";
import { parseKeys } from "#db/vault/key-lists.ts";
import { keyStores } from "#db/vault/stored-keys.ts";
import { writeKey } from "#db/vault/written-keys.ts";

const usual = { ...env };
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "komichi-keys-"));
  Object.assign(env, { DATA_DIR: folder, VAULT_KEY: undefined, BACKUP_KEY: undefined });
});
afterEach(() => {
  Object.assign(env, usual, { VAULT_KEY: usual.VAULT_KEY, BACKUP_KEY: usual.BACKUP_KEY });
  rmSync(folder, { recursive: true, force: true });
});

describe("a list of keys", () => {
  const [one, two] = [randomBytes(32), randomBytes(32)];
  const base64 = one.toString("base64");
  const written = writeKey("vault", two);
  test.each([
    ["both forms, a comma between", `${base64},${written}`],
    ["both forms, a line each", `${base64}\n${written}\n`],
    ["the written form over several lines", `${base64}\n${written.replaceAll("-", "\n")}`],
    ["the written form with spaces", `  ${base64}   ${written.replaceAll("-", " ")} `],
    ["one form twice, written", `${writeKey("vault", one)} ${written}`],
    ["one form twice, without any space inside", `${writeKey("vault", one).replaceAll("-", "")}, ${written}`],
  ])("%s", (_, text) => {
    expect(parseKeys("vault", text, "here")).toEqual([one, two]);
  });

  test.each([
    ["nothing", "", "the base64 of 32 bytes"],
    ["a word", "secret", "the base64 of 32 bytes"],
    ["half a list", `${base64},`, "the base64 of 32 bytes"],
    ["31 bytes", randomBytes(31).toString("base64"), "the base64 of 32 bytes"],
    ["a slip in the second", `${base64} ${written.slice(0, -1)}${written.endsWith("A") ? "B" : "A"}`, "Group 13 ("],
    ["the other key", writeKey("backup", one), "This is the key of the backups"],
  ])("refused: %s", (_, text, sentence) => {
    expect(() => parseKeys("vault", text, "here")).toThrow(sentence);
    expect(() => parseKeys("vault", text, "here")).toThrow("here is not usable");
  });
});

describe.each(keyStores)("the $kind key", (store) => {
  test("is made once, for its owner alone", () => {
    expect([store.create(), store.create()]).toEqual([true, false]);
    expect([store.keys().map(({ length }) => length), statSync(store.path()).mode & 0o777]).toEqual([[32], 0o600]);
  });

  test("of a variable needs no file; with both, the variable's come first", () => {
    const [one, two] = [randomBytes(32), randomBytes(32)];
    env[store.variable] = writeKey(store.kind, one);
    expect([store.create(), existsSync(store.path()), store.keys()]).toEqual([false, false, [one]]);
    writeFileSync(store.path(), two.toString("base64"));
    expect(store.keys()).toEqual([one, two]);
  });

  test("of a file is the one that people typed into it", () => {
    const key = randomBytes(32);
    writeFileSync(store.path(), `${writeKey(store.kind, key).replaceAll("-", " ")}\n`);
    expect(store.keys()).toEqual([key]);
  });

  test("is added before the others or behind them", () => {
    const [one, two, three] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    store.add(one, "last");
    store.add(two, "first");
    store.add(three, "last");
    expect([store.keys(), statSync(store.path()).mode & 0o777]).toEqual([[two, one, three], 0o600]);
  });

  test("that was deleted is written again as it was read last, and only then", () => {
    store.create();
    expect(store.writeAgain()).toBe(false);
    const before = readFileSync(store.path(), "utf8");
    rmSync(store.path());
    expect(store.writeAgain()).toBe(false); // nobody had read it
    writeFileSync(store.path(), before);
    store.keys();
    rmSync(store.path());
    expect(store.writeAgain()).toBe(true);
    expect([readFileSync(store.path(), "utf8"), statSync(store.path()).mode & 0o777]).toEqual([before, 0o600]);
  });

  test("is not written into the place of a link that leads nowhere, nor while the variable is set, nor without DATA_DIR", () => {
    const medium = join(folder, "medium");
    mkdirSync(medium);
    writeFileSync(join(medium, "key"), randomBytes(32).toString("base64"));
    symlinkSync(join(medium, "key"), store.path());
    const keys = store.keys();
    rmSync(medium, { recursive: true }); // taken out
    expect([store.writeAgain(), existsSync(store.path())]).toEqual([false, false]);
    rmSync(store.path());
    env[store.variable] = keys[0]?.toString("base64");
    expect(store.writeAgain()).toBe(false);
    env[store.variable] = undefined;
    rmSync(folder, { recursive: true });
    expect([store.writeAgain(), existsSync(folder)]).toEqual([false, false]);
  });
});
