/**
 * An installation of the first release (commit 77b26d3), with the migrations that it had and rows that its own code wrote: its
 * sample of twelve days, three families, a reader and a guide request, made on 20 November 2026. Every later version must
 * be able to bring it up to itself, so neither rows nor migrations in tests/db/fixtures/first-release ever change.
 */

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import { inject } from "vitest";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { dropDatabase } from "../database.ts";

const folder = new URL("fixtures/first-release/", import.meta.url);

export const firstRelease = {
  /** As VAULT_KEY holds it; a key for this fixture alone. */
  vaultKey: Buffer.alloc(32).toString("base64"),
  /** A family that staff have answered, with the code that opens their page. */
  family: { reference: "Y828-NHN6", code: "MHX7-QJU-ML5", caseId: "01a22322-494b-75a5-bac7-3b45ba8bfd71" },
  /** Rows by table. */
  rows: {
    ...{ ad_imports: 1, ad_spend: 84, assignments: 7, audit_events: 12, cases: 10, clicks: 43, closures: 1 },
    ...{ consent_texts: 2, consultations: 10, deliveries: 52, download_grants: 9, entries: 12, guide_versions: 2 },
    ...{ guides: 2, leads: 20, lists: 3, messages: 1, newsletters: 4, staff: 5, staff_accounts: 1 },
    ...{ staff_two_factors: 1, subscribers: 18, subscriptions: 22, vault_keys: 3 },
  },
};

/** A new database as that release left it. Drop it with the function it returns. */
export async function openFirstRelease(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `first_${randomBytes(6).toString("hex")}`;
  const url = siblingUrl(inject("clusterUrl"), name);
  const server = connectAsOwner(siblingUrl(inject("clusterUrl"), "postgres"));
  await server.execute(sql`create database ${sql.identifier(name)}`);
  await disconnect(server);
  const owner = connectAsOwner(url);
  await applyMigrations(owner, { migrationsFolder: new URL("migrations", folder).pathname });
  await owner.$client.unsafe(readFileSync(new URL("rows.sql", folder), "utf8"));
  await disconnect(owner);
  return { url, drop: () => dropDatabase(name) };
}

/** How many rows these tables of a database hold. */
export async function countTables(url: string, tables: readonly string[]): Promise<Record<string, number>> {
  const owner = connectAsOwner(url);
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const [row] = await owner.execute<{ count: number }>(
      sql`select count(*)::int as count from ${sql.identifier(table)}`,
    );
    counts[table] = row?.count ?? -1;
  }
  await disconnect(owner);
  return counts;
}
