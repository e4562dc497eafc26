/** What an import refuses before it writes anything, and where it works all the same. */

import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { writeExport } from "#api/portable/export.ts";
import { folderSink, folderSource } from "#api/portable/folder.ts";
import { importExport } from "#api/portable/import.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { freePort } from "#db/cluster/address.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { readAppliedMigrations } from "#db/migrate.ts";
import journal from "#db/migrations/meta/_journal.json" with { type: "json" };
import { whileDatabaseIsAt } from "../../database.ts";
import { openFirstRelease } from "../../db/first-release.ts";
import { countTables, firstRelease } from "../../db/fixtures/first-release.ts";
import { startProduct, stopProduct } from "../../process.ts";
import { receive } from "../requests.ts";
import { changeManifest, emptyDatabase, exported, imported, manifestOf, newFolder } from "./installations.ts";

let folder: string;
let url: string;

beforeAll(async () => {
  for (const message of ["一つめ", "二つめ", "三つめ"]) await receive({ message, reply_by: "none" });
});

beforeEach(async () => {
  ({ folder } = await exported());
  url = await emptyDatabase();
});

const importing = () => importExport(folderSource(folder), { url });

/** Names of the tables of the database to import into. */
async function tablesThere(): Promise<string[]> {
  const owner = connectAsOwner(url);
  const rows = await owner.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public'`,
  );
  await disconnect(owner);
  return rows.map(({ name }) => name);
}

test("an export with one changed byte, a missing row or a missing file", async () => {
  const path = join(folder, "tables", "consultations.jsonl");
  const text = readFileSync(path, "utf8");
  for (const damaged of [text.replace(/"none"/u, '"mail"'), text.slice(text.indexOf("\n") + 1), `${text}{}\n`]) {
    writeFileSync(path, damaged);
    await expect(importing()).rejects.toThrow("tables/consultations.jsonl of the export was changed or damaged");
  }
  rmSync(path);
  await expect(importing()).rejects.toThrow("tables/consultations.jsonl of the export cannot be read (ENOENT)");
  expect(await tablesThere()).toEqual([]);
});

test("rows whose hash was made to fit are refused by what they break, and nothing of them stays", async () => {
  const path = join(folder, "tables", "consultations.jsonl");
  const lines = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, lines.slice(1).join("\n"));
  appendFileSync(join(folder, "tables", "cases.jsonl"), "");
  const content = readFileSync(path);
  changeManifest(folder, (manifest) => {
    const table = manifest.tables["consultations"];
    const measured = { bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
    return { ...manifest, tables: { ...manifest.tables, consultations: { ...table, ...measured } } };
  });
  await expect(importing()).rejects.toThrow("The table consultations is not what the export holds (2 of 3 rows)");
  expect(Object.values(await countTables(url, ["cases", "consultations", "leads"]))).toEqual([0, 0, 0]);
  ({ folder } = await exported()); // the database is still as good as empty
  await importing();
  expect(Object.values(await countTables(url, ["cases", "consultations", "leads"]))).toEqual([3, 3, 3]);
});

test("an export that was not finished, and a folder in which something is", async () => {
  rmSync(join(folder, "manifest.json"));
  expect(() => folderSource(folder)).toThrow("holds no manifest.json");
  mkdirSync(join(folder, "sets"));
  expect(() => folderSource(folder)).toThrow(`npm run -s cli -- restore ${folder}`);
  await expect(folderSink(folder)).rejects.toThrow("is not empty");
});

test("an export of a newer version, or of another product's tables", async () => {
  const newest = { name: "20991231000000_later", when: 4_102_444_800_000, hash: "" };
  changeManifest(folder, (manifest) => ({
    ...manifest,
    version: "9.0.0",
    migrations: [...manifest.migrations, newest],
  }));
  await expect(importing()).rejects.toThrow(
    "This export is of a newer version of the product (9.0.0, migration 20991231000000_later)",
  );
  changeManifest(folder, (manifest) => ({ ...manifest, format: 2 }));
  await expect(importing()).rejects.toThrow("is damaged, or of a newer version");
  expect(await tablesThere()).toEqual([]);
});

test("a manifest that names a path outside", async () => {
  const file = { bytes: 0, sha256: "0".repeat(64) };
  for (const name of ["files/../vault.key", "files/guides/../../x", "/etc/x", "files/guides/.hidden"]) {
    changeManifest(folder, (manifest) => ({ ...manifest, files: { [name]: file } }));
    await expect(importing()).rejects.toThrow("is damaged, or of a newer version");
  }
});

test("a manifest that names a file outside by the name of a table, or a name that JSON has for itself", async () => {
  const table = { rows: 0, bytes: 0, sha256: createHash("sha256").digest("hex"), columns: {} };
  writeFileSync(join(folder, "..", "evil.jsonl"), "");
  for (const name of ["../../evil", "/etc/passwd", "a b", ""]) {
    changeManifest(folder, (manifest) => ({ ...manifest, tables: { ...manifest.tables, [name]: table } }));
    await expect(importing()).rejects.toThrow("is damaged, or of a newer version");
  }
  const path = join(folder, "manifest.json");
  writeFileSync(
    path,
    readFileSync(path, "utf8").replace('"tables":{', `"tables":{"__proto__":${JSON.stringify(table)},`),
  );
  await expect(importing()).rejects.toThrow("is damaged, or of a newer version");
  expect(await tablesThere()).toEqual([]);
});

test("a folder is not read beyond, whatever asks", () => {
  const { file } = folderSource(folder);
  for (const name of ["../x", "tables/../../x", "/etc/passwd", ""])
    expect(() => file(name)).toThrow(`The export names a file outside of its folder: ${name}.`);
});

test("a table that the version does not have, and one that is not there", async () => {
  const table = { rows: 0, bytes: 0, sha256: createHash("sha256").digest("hex"), columns: {} };
  for (const name of ["pg_authid", "constructor", "theirs"]) {
    writeFileSync(join(folder, "tables", `${name}.jsonl`), "");
    const { folder: whole } = await exported();
    changeManifest(folder, () => {
      const manifest = manifestOf(whole);
      return { ...manifest, tables: { ...manifest.tables, [name]: table } };
    });
    await expect(importing()).rejects.toThrow(
      `The export names a table that version 0.1.0 of the product does not have: ${name}. Nothing was changed.`,
    );
  }
  ({ folder } = await exported());
  changeManifest(folder, (manifest) => ({
    ...manifest,
    tables: Object.fromEntries(Object.entries(manifest.tables).filter(([name]) => name !== "cases")),
  }));
  await expect(importing()).rejects.toThrow("The export does not hold the table cases.");
  expect(Object.values(await countTables(url, ["cases", "consultations"]))).toEqual([0, 0]);
});

test("without the key that sealed it, naming the key", async () => {
  const { VAULT_KEY } = env;
  env.VAULT_KEY = randomBytes(32).toString("base64");
  try {
    await expect(importing()).rejects.toThrow(
      /The vault's key that sealed this export is not here \(key id [0-9a-f]{8}\)/u,
    );
  } finally {
    env.VAULT_KEY = VAULT_KEY;
  }
  expect(await tablesThere()).toEqual([]);
});

test("into an installation that is in use, or that runs", async () => {
  await importing();
  await expect(importing()).rejects.toThrow(/This installation is in use \(3 cases, 3 consultations/u);
  const another = await emptyDatabase();
  await whileDatabaseIsAt(another, async () => {
    await db.$client`select 1`.catch(() => {}); // the role does not exist for it yet, the connection does
    const owner = connectAsOwner(another);
    await owner.execute("select 1");
    await expect(importExport(folderSource(folder), { url: another })).rejects.toThrow(
      "The product is running on this database",
    );
    await disconnect(owner);
  });
});

test("into a database of somebody else", async () => {
  const owner = connectAsOwner(url);
  await owner.execute("create table theirs (id int)");
  await disconnect(owner);
  await expect(importing()).rejects.toThrow("holds tables that are not this version's");
  expect(await tablesThere()).toEqual(["theirs"]);
});

test("it goes into an installation that was only started", async () => {
  const [dataDir, port] = [newFolder(), String(await freePort())];
  mkdirSync(dataDir);
  const variables = { DATABASE_URL: url, DATA_DIR: dataDir, PORT: port };
  await stopProduct(await startProduct(variables));
  expect((await tablesThere()).length).toBeGreaterThan(50);
  await imported(folder, url, { dataDir });
  expect(Object.values(await countTables(url, ["cases", "consultations"]))).toEqual([3, 3]);
});

let dropRole = async () => {};
afterAll(() => dropRole()); // before the databases of installations.ts are dropped

test("it needs no more rights than the database's owner has", async () => {
  const role = { name: `portable_${randomBytes(4).toString("hex")}`, password: randomBytes(8).toString("hex") };
  const server = connectAsOwner(siblingUrl(inject("clusterUrl"), "postgres"));
  await server.execute(sql.raw(`create role ${role.name} login createrole password '${role.password}'`));
  // As hosted databases make their users: they may create roles, and are no superusers.
  await server.execute(sql.raw(`grant komichi_app to ${role.name}`));
  url = await emptyDatabase(role);
  const name = new URL(url).pathname.slice(1);
  await importing();
  expect(Object.values(await countTables(url, ["cases", "consultations"]))).toEqual([3, 3]);
  const owner = connectAsOwner(url);
  const keys = await owner.execute(
    sql`select from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  );
  const here = await db.execute(
    sql`select from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  );
  expect([keys.length, keys.length > 50]).toEqual([here.length, true]);
  const disabled = await owner.execute(sql`select from pg_trigger where tgenabled = 'D'`);
  expect(disabled.length).toBe(0);
  await disconnect(owner);
  dropRole = async () => {
    await server.execute(sql.raw(`drop database ${name} with (force)`));
    await server.execute(sql.raw(`drop role ${role.name}`));
    await disconnect(server);
  };
});

test("an export of the first release's schema is loaded as it was, and brought up to this version", async () => {
  const { VAULT_KEY } = env;
  const release = await openFirstRelease();
  env.VAULT_KEY = firstRelease.vaultKey;
  try {
    folder = newFolder();
    const manifest = await writeExport(await folderSink(folder), { url: release.url });
    expect(manifest.migrations.length).toBe(4);
    await importing();
    const tables = Object.keys(firstRelease.rows);
    expect(await countTables(url, tables)).toEqual(firstRelease.rows);
    const owner = connectAsOwner(url);
    expect((await readAppliedMigrations(owner)).length).toBe(journal.entries.length);
    const [promises] = await owner.execute(sql`select count(*)::int as count from promises`);
    expect(promises).toMatchObject({ count: expect.any(Number) });
    await disconnect(owner);
  } finally {
    env.VAULT_KEY = VAULT_KEY;
    await release.drop();
  }
});
