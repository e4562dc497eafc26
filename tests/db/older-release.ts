/** A database as an older release left it, to be brought up to this one. */

import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { connectAsOwner, type Db, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { migrateUpTo } from "#db/migrate.ts";
import journal from "#db/migrations/meta/_journal.json" with { type: "json" };
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
  const release = { url, owner: connectAsOwner(url), drop: async () => {} };
  release.drop = async () => {
    await disconnect(release.owner);
    await dropDatabase(name);
  };
  const entry = journal.entries.find(({ tag }) => tag === last);
  if (!entry) throw new Error(`no migration ${last}`);
  await migrateUpTo(url, entry);
  return release;
}
