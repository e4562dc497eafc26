/** For tests of exports: folders and databases beside the test file's own, and imports there. */

import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, inject } from "vitest";
import { writeExport } from "#api/portable/export.ts";
import { folderSink } from "#api/portable/folder.ts";
import { exportManifestName, type ExportManifest } from "#api/portable/manifest.ts";
import { type ImportedExport, importFrom } from "#api/restore/import.ts";
import { connect, connectAsOwner, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { dropDatabase, whileDatabaseIsAt } from "../../database.ts";

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
export async function exported(url?: string): Promise<{ folder: string; manifest: ExportManifest }> {
  const folder = newFolder();
  return { folder, manifest: await writeExport(await folderSink(folder), url === undefined ? {} : { url }) };
}

/**
 * Lets this process be an installation on the database at `url` with a new DATA_DIR, or with another's: imports there a folder or,
 * without one, the newest export where backups go, and then does `act` while it is connected to it. Returns what the import
 * answered and said, and the DATA_DIR.
 */
export async function imported(
  directory: string | undefined,
  url: string,
  { dataDir = newFolder(), act = async () => {} }: { dataDir?: string; act?: () => Promise<void> } = {},
): Promise<ImportedExport & { dataDir: string; said: string[] }> {
  const { DATA_DIR, DATABASE_URL, BACKUP_DAYS } = env;
  Object.assign(env, { DATA_DIR: dataDir, DATABASE_URL: url, BACKUP_DAYS: 0 });
  const said: string[] = [];
  let result: ImportedExport | undefined;
  try {
    await whileDatabaseIsAt(url, async () => {
      result = await importFrom({ directory }, (sentence) => said.push(sentence));
      connect(url); // as its next start would
      await act();
    });
  } finally {
    Object.assign(env, { DATA_DIR, DATABASE_URL, BACKUP_DAYS });
  }
  if (!result) throw new Error("nothing imported");
  return { ...result, dataDir, said };
}

export const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, exportManifestName), "utf8")) as ExportManifest;

export const changeManifest = (folder: string, change: (manifest: ExportManifest) => object) =>
  writeFileSync(join(folder, exportManifestName), JSON.stringify(change(manifestOf(folder))));

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
