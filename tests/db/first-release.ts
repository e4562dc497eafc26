/** A new database of a test run as the first release left it (fixtures/first-release.ts). */

import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { inject } from "vitest";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { dropDatabase } from "../database.ts";
import { loadFirstRelease } from "./fixtures/first-release.ts";

/** A new database as that release left it. Drop it with the function it returns. */
export async function openFirstRelease(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `first_${randomBytes(6).toString("hex")}`;
  const url = siblingUrl(inject("clusterUrl"), name);
  const server = connectAsOwner(siblingUrl(inject("clusterUrl"), "postgres"));
  await server.execute(sql`create database ${sql.identifier(name)}`);
  await disconnect(server);
  await loadFirstRelease(url);
  return { url, drop: () => dropDatabase(name) };
}
