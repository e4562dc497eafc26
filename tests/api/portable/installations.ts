/** For tests of exports: folders and databases beside the test file's own, and `export` and `import` as commands. */

import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, inject } from "vitest";
import { writeExport } from "#api/portable/export.ts";
import { folderSink } from "#api/portable/folder.ts";
import { manifestName, type Manifest } from "#api/portable/manifest.ts";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { type Outcome, runCommand } from "../../command.ts";
import { dropDatabase } from "../../database.ts";

const root = mkdtempSync(join(tmpdir(), "komichi-portable-"));
const databases: string[] = [];

afterAll(async () => {
  for (const name of databases) await dropDatabase(name);
  rmSync(root, { recursive: true, force: true });
});

/** Path of a folder that does not exist yet. */
export const newFolder = (): string => join(root, randomBytes(6).toString("hex"));

/** A database that was never migrated; `owner` names the role it belongs to, when not the server's own. */
export async function emptyDatabase(owner?: { name: string; password: string }): Promise<string> {
  const name = `portable_${randomBytes(6).toString("hex")}`;
  const server = connectAsOwner(siblingUrl(inject("clusterUrl"), "postgres"));
  await server.execute(sql.raw(`create database ${name} ${owner ? `owner ${owner.name}` : ""}`));
  await disconnect(server);
  databases.push(name);
  const url = new URL(siblingUrl(inject("clusterUrl"), name));
  return owner ? Object.assign(url, { username: owner.name, password: owner.password }).href : url.href;
}

/** An export of the test file's own database, or of that at `url`. */
export async function exported(url?: string): Promise<{ folder: string; manifest: Manifest }> {
  const folder = newFolder();
  return { folder, manifest: await writeExport(await folderSink(folder), url === undefined ? {} : { url }) };
}

/** Runs `import` for an installation of its own in another process, on this database and with a new DATA_DIR. */
export async function imported(folder: string, url: string, variables: Record<string, string> = {}) {
  const dataDir = newFolder();
  const { code, out, err }: Outcome = await runCommand(["import", folder, "--json"], {
    variables: { DATABASE_URL: url, DATA_DIR: dataDir, BACKUP_DAYS: "0", LOG: "off", ...variables },
  });
  return { code, err, dataDir, value: JSON.parse(out) as Record<string, unknown> };
}

export const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, manifestName), "utf8")) as Manifest;

export const changeManifest = (folder: string, change: (manifest: Manifest) => object) =>
  writeFileSync(join(folder, manifestName), JSON.stringify(change(manifestOf(folder))));

/** Paths of all files below a folder. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** The rows of a table in an export. */
export const rowsOf = (folder: string, table: string): Record<string, unknown>[] =>
  readFileSync(join(folder, "tables", `${table}.jsonl`), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
