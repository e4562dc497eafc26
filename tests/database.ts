/** The database of a test file (cloned by tests/setup.ts), and others beside it in the same cluster. */

import { sql } from "drizzle-orm";
import { inject } from "vitest";
import { connect, connectAsOwner, db, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";

/** URL of this test file's own database, with its owner's rights: for another process, or to connect again. */
export async function testDatabaseUrl(): Promise<string> {
  const [row] = await db.execute<{ name: string }>(sql`select current_database() as name`);
  return siblingUrl(inject("clusterUrl"), row?.name ?? "");
}

/** Nothing listens at this address: every connection is refused at once. */
export const refusingDatabase = "postgres://nobody:nothing@127.0.0.1:9/none";

/** Runs `act` while this process takes the database to be at `url`, then connects to the test's own again. */
export async function whileDatabaseIsAt(url: string, act: () => Promise<void>): Promise<void> {
  const own = await testDatabaseUrl();
  const former = db;
  connect(url);
  try {
    await act();
  } finally {
    await disconnect();
    connect(own);
    await disconnect(former);
  }
}

/** Makes another database from the template; dropped with `dropDatabase`. */
export async function createDatabase(name: string): Promise<string> {
  await asServerOwner((owner) => owner.execute(`create database ${name} template komichi_template`));
  return siblingUrl(inject("clusterUrl"), name);
}

export const dropDatabase = (name: string) =>
  asServerOwner((owner) => owner.execute(`drop database if exists ${name} with (force)`));

async function asServerOwner(act: (owner: typeof db) => Promise<unknown>): Promise<void> {
  const owner = connectAsOwner(siblingUrl(inject("clusterUrl"), "postgres"));
  try {
    await act(owner);
  } finally {
    await disconnect(owner);
  }
}
