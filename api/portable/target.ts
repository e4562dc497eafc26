/** Where an import goes: an installation in which nobody has done anything yet. */

import { sql } from "drizzle-orm";
import type { Db, Executor } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { isKnownMigration, readAppliedMigrations } from "#db/migrate.ts";
import { readTables } from "./catalog.ts";
import { reasonToLeaveOut } from "./left-out.ts";

/** Tables that a start fills by itself: what comes with the product, and what it notes of itself. */
const filledByStart = new Set([
  ...["vault_keys", "lists", "consent_texts", "guides", "guide_versions", "content", "content_lists", "approvals"],
  ...["content_revisions", "content_texts", "pictures", "picture_files", "settings", "settings_changes"],
  ...["invitations", "job_runs", "audit_events", "landing_month_states", "lead_month_states"],
]);

/**
 * Throws Refused, with what to do, when somebody has used this database, when a process of the product is connected, or when
 * the tables in it are not the product's.
 */
export async function refuseUsed(owner: Db): Promise<void> {
  const tables = await readTables(owner);
  const applied = await readAppliedMigrations(owner);
  if (tables.length > 0 && (applied.length === 0 || !applied.every(isKnownMigration)))
    throw new Refused(
      "This database holds tables that are not this version's. Name an empty database in DATABASE_URL, and run import again.",
    );
  const used: string[] = [];
  for (const table of tables) {
    if (filledByStart.has(table.name) || reasonToLeaveOut(table) !== undefined) continue;
    const [row] = await owner.execute<{ count: number }>(
      sql`select count(*)::int as count from ${sql.identifier(table.name)}`,
    );
    if (row && row.count > 0) used.push(`${row.count} ${table.name}`);
  }
  if (used.length > 0)
    throw new Refused(
      `This installation is in use (${used.join(", ")}), and import never writes over one. Name an empty database in DATABASE_URL, or another DATA_DIR, and run import again. Nothing was changed.`,
    );
  await refuseConnected(owner);
}

async function refuseConnected(owner: Db): Promise<void> {
  const others = await owner.execute(sql`
    select from pg_stat_activity
    where datname = current_database() and application_name = 'komichi' and pid <> pg_backend_pid()`);
  if (others.length > 0)
    throw new Refused("The product is running on this database. Stop it first (Ctrl-C), and run import again.");
}

/** Takes away everything that a start has put into the database, tables and list of migrations included. */
export async function clear(owner: Db): Promise<void> {
  await owner.transaction(async (tx) => {
    await drop(
      tx,
      "view",
      "select relname as name from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace",
    );
    await drop(
      tx,
      "table",
      "select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    );
    await drop(
      tx,
      "routine",
      "select oid::regprocedure::text as name from pg_proc p where pronamespace = 'public'::regnamespace",
      true,
    );
    await tx.execute(sql`drop schema if exists drizzle cascade`);
  });
}

/** Drops all that the query names, but what belongs to an extension. */
async function drop(tx: Executor, what: string, query: string, isWritten = false): Promise<void> {
  const own = `${query} and not exists (select from pg_depend d where d.objid = oid and d.deptype = 'e')`;
  for (const { name } of await tx.execute<{ name: string }>(sql.raw(own)))
    await tx.execute(sql`drop ${sql.raw(what)} if exists ${isWritten ? sql.raw(name) : sql.identifier(name)} cascade`);
}
