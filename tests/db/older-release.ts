/** A database as an older release left it, to be brought up to this one. */

import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import { inject } from "vitest";
import { connectAsOwner, type Db, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { dropDatabase } from "../database.ts";

export interface OlderRelease {
  url: string;
  /** With the owner's rights. Whoever disconnects it, to migrate, connects it again. */
  owner: Db;
  /** Drops the database. */
  drop: () => Promise<void>;
}

/** A new database with the migrations up to `last`, the name of a file without ".sql". */
export async function openOlderRelease(last: string): Promise<OlderRelease> {
  const name = `u_${randomBytes(6).toString("hex")}`;
  const url = siblingUrl(inject("clusterUrl"), name);
  const server = connectAsOwner(siblingUrl(inject("clusterUrl"), "postgres"));
  await server.execute(`create database ${name}`);
  await disconnect(server);
  const folder = mkdtempSync(join(tmpdir(), "komichi-upgrade-"));
  const release = { url, owner: connectAsOwner(url), drop: async () => {} };
  release.drop = async () => {
    await disconnect(release.owner);
    await dropDatabase(name);
    rmSync(folder, { recursive: true, force: true });
  };
  await applyMigrations(release.owner, { migrationsFolder: migrationsUpTo(last, folder) });
  return release;
}

/** The migrations as they were. */
function migrationsUpTo(last: string, folder: string): string {
  const source = new URL("../../db/migrations", import.meta.url).pathname;
  cpSync(source, folder, { recursive: true });
  const journal = join(folder, "meta", "_journal.json");
  const { entries, ...rest } = JSON.parse(readFileSync(journal, "utf8")) as { entries: { tag: string }[] };
  const kept = entries.slice(0, entries.findIndex(({ tag }) => tag === last) + 1);
  writeFileSync(journal, JSON.stringify({ ...rest, entries: kept }));
  return folder;
}
