/** Migrates a database to this version, and refuses one whose settings could lose or garble data. */

import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import { connectAsOwner, type Db, disconnect } from "./client.ts";
import { log } from "./log.ts";
import { rewriteSealedTables } from "./rewrite-tables.ts";

const migrationsFolder = fileURLToPath(new URL("./migrations", import.meta.url));
/** Key of the advisory lock on which processes that start at the same moment wait for each other; any number. */
const advisoryLock = 7_203_114;

/**
 * Migrates, then checks durability settings and Japanese trigrams. Throws a sentence when unfit. What an
 * upgrade cleared in tables that hold something sealed is taken out of the data files too.
 */
export async function migrate(url: string): Promise<void> {
  if (!(await bringUp(url))) return;
  for (const { step, why } of await rewriteSealedTables({ url })) log("migrate.incomplete", { step, why });
}

/** Whether a database that was in use is now of a newer version. */
async function bringUp(url: string): Promise<boolean> {
  const owner = connectAsOwner(url);
  try {
    await owner.execute(sql`select pg_advisory_lock(${advisoryLock})`);
    await refuseOld(owner);
    const before = await countApplied(owner);
    await applyMigrations(owner, { migrationsFolder });
    await refuseUnsafe(owner);
    return before > 0 && (await countApplied(owner)) > before;
  } finally {
    await disconnect(owner);
  }
}

async function countApplied(owner: Db): Promise<number> {
  const [table] = await owner.execute<{ name: string | null }>(
    sql`select to_regclass('drizzle.__drizzle_migrations')::text as name`,
  );
  if (!table?.name) return 0;
  const [row] = await owner.execute<{ count: number }>(
    sql`select count(*)::int as count from drizzle.__drizzle_migrations`,
  );
  return row?.count ?? 0;
}

async function refuseOld(owner: Db): Promise<void> {
  const [server] = await owner.execute<{ number: number; version: string }>(
    sql`select current_setting('server_version_num')::int as number, current_setting('server_version') as version`,
  );
  if ((server?.number ?? 0) < 180_000)
    throw new Error(`PostgreSQL 18 or newer is needed (for uuidv7); DATABASE_URL leads to ${server?.version}.`);
}

/** Throws a sentence when the database's settings could lose or garble what is stored. */
export async function refuseUnsafe(owner: Pick<Db, "execute">): Promise<void> {
  for (const setting of ["fsync", "full_page_writes", "synchronous_commit"]) {
    const [row] = await owner.execute<{ value: string }>(sql`select current_setting(${setting}) as value`);
    if (row?.value === "off")
      throw new Error(`PostgreSQL has ${setting} off: an accepted request could be lost. Turn it on and start again.`);
  }
  const [encoding] = await owner.execute<{ value: string }>(sql`select current_setting('server_encoding') as value`);
  if (encoding?.value !== "UTF8")
    throw new Error(`The database is ${encoding?.value}, not UTF8: Japanese text could not be kept.`);
  const [trigrams] = await owner.execute<{ found: boolean }>(
    sql`select cardinality(show_trgm('療養相談')) > 0 as found`,
  );
  if (!trigrams?.found)
    throw new Error(
      "pg_trgm sees no Japanese letters here (LC_CTYPE is C). Create the database with C.UTF-8 or an ICU locale.",
    );
}
