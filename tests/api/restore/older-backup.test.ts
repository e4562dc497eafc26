/** A backup of before: before the vault's key was changed, and before a page that is stored in it was withdrawn. */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeKey } from "#db/vault/written-keys.ts";
import { canary, consult, type Installation, makeInstallation, newKey } from "./installation.ts";

let home: Installation;
/** Of the copies, those that the backup holds. */
let stored: string[];
const [older, newer] = [newKey(), newKey()];
const both = { VAULT_KEY: `${newer},${older}` };
const inData = (name: string) => join(home.dataDir, name);
/** What the product stores of its pages, and what they are made of. */
const copies = ["pages/copies/.json", "content.json"];

beforeAll(async () => {
  home = await makeInstallation({ VAULT_KEY: older });
  const product = await home.start();
  await consult(product, "family@example.jp");
  await fetch(`http://127.0.0.1:${product.port}/`);
  product.process.kill("SIGTERM");
  await new Promise((resolve) => product.process.once("exit", resolve));
  stored = copies.filter((name) => existsSync(inData(name)));
  await home.json(["backup"]);
  await home.json(["rotate-key", "--key-is-stored"], both);
}, 300_000);

afterAll(() => home.end());

/** Whether the words of the family are in a readable copy of what was restored. */
async function opensCanary(variables: Record<string, string>): Promise<boolean> {
  const folder = join(home.folder, "open");
  await home.json(["export", folder, "--open", "--yes"], variables);
  const tables = readdirSync(join(folder, "tables")).map((name) => readFileSync(join(folder, "tables", name), "utf8"));
  rmSync(folder, { recursive: true });
  return tables.some((table) => table.includes(canary.message));
}

test("the new vault key alone does not open it, both in VAULT_KEY do, and the terminal says which is in use", async () => {
  const refused = await home.cli(["restore", "--replace"], { VAULT_KEY: newer });
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("vault's key")]);
  rmSync(home.dataDir, { recursive: true });
  const { code, err } = await home.cli(["restore"], both);
  expect([code, err]).toEqual([0, expect.stringContaining("VAULT_KEY begins with key")]);
  expect(await opensCanary(both)).toBe(true);
}, 300_000);

test("stored pages of then do not come back, and those of now do not stay", async () => {
  expect(stored).toEqual(copies);
  expect(copies.filter((name) => existsSync(inData(name)))).toEqual([]);
  mkdirSync(inData("pages/copies"), { recursive: true });
  for (const name of copies) writeFileSync(inData(name), "{}");
  await home.json(["restore", "--replace"], both);
  expect(copies.filter((name) => existsSync(inData(name)))).toEqual([]);
}, 300_000);

test("both vault keys typed in from paper open it", async () => {
  rmSync(home.dataDir, { recursive: true });
  const typed = { VAULT_KEY: "" };
  for (const key of [newer, older]) {
    const written = writeKey("vault", Buffer.from(key, "base64"));
    expect(await home.cli(["keys", "enter", "vault"], typed, `${written}\n`)).toMatchObject({ code: 0 });
  }
  await home.json(["restore"], typed);
  expect(readFileSync(inData("vault.key"), "utf8").split("\n")[0]).toBe(older);
  expect(await opensCanary(typed)).toBe(true);
}, 300_000);
