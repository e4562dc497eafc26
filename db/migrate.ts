/** Migrates a database to this version, and refuses one whose settings could lose or garble data. */

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import packageJson from "#package.json" with { type: "json" };
import { connectAsOwner, type Db, disconnect, type Executor } from "./client.ts";
import { Refused } from "./errors.ts";
import { log } from "./log.ts";
import { rewriteSealedTables } from "./rewrite-tables.ts";

const migrationsFolder = fileURLToPath(new URL("./migrations", import.meta.url));
/** The list of migrations that drizzle-kit writes, oldest first. */
const journal = JSON.parse(readFileSync(join(migrationsFolder, "meta", "_journal.json"), "utf8")) as {
  entries: { tag: string; when: number }[];
};
/** Key of the advisory lock on which processes that start at the same moment wait for each other; any number. */
const advisoryLock = 7_203_114;

interface Options {
  /** Awaited before the first migration of a database that was in use; when it throws, none is applied. */
  beforeUpgrade?: () => Promise<void>;
  /** Version of the product that the database comes from, where that is known. */
  version?: string;
}

/**
 * Migrates, then checks durability settings and Japanese trigrams. Throws a sentence when unfit, or of a newer version. All migrations stand or
 * fall together: a failed one leaves the old state. What an upgrade cleared in tables that hold something sealed is taken out
 * of the data files too.
 */
export async function migrate(url: string, options: Options = {}): Promise<void> {
  if (!(await bringUp(url, options))) return;
  for (const { step, why } of await rewriteSealedTables({ url })) log("migrate.incomplete", { step, why });
}

/** Whether a database that was in use is now of a newer version. */
async function bringUp(url: string, { beforeUpgrade, version }: Options): Promise<boolean> {
  const owner = connectAsOwner(url);
  try {
    await owner.execute(sql`select pg_advisory_lock(${advisoryLock})`);
    await refuseOld(owner);
    const applied = await readAppliedMigrations(owner);
    refuseNewer("This database", applied, version);
    const newest = applied.at(-1);
    const isUpgrade = newest !== undefined && journal.entries.some(({ when }) => when > newest.when);
    if (isUpgrade) await beforeUpgrade?.();
    await applyMigrations(owner, { migrationsFolder });
    await refuseUnsafe(owner);
    return isUpgrade;
  } finally {
    await disconnect(owner);
  }
}

/** A migration that a database has; `name` as its file without ".sql", or its hash where this version does not know it. */
export interface AppliedMigration {
  name: string;
  /** Drizzle's number of it: the later one has the larger. */
  when: number;
  hash: string;
}

/** What was applied, oldest first; [] for a database that was never migrated. Needs the owner's rights. */
export async function readAppliedMigrations(owner: Executor): Promise<AppliedMigration[]> {
  const [table] = await owner.execute<{ name: string | null }>(
    sql`select to_regclass('drizzle.__drizzle_migrations')::text as name`,
  );
  if (!table?.name) return [];
  const rows = await owner.execute<{ when: string; hash: string }>(
    sql`select created_at::text as when, hash from drizzle.__drizzle_migrations order by created_at`,
  );
  return rows.map((row) => {
    const when = Number(row.when);
    return { name: journal.entries.find((entry) => entry.when === when)?.tag ?? row.hash, when, hash: row.hash };
  });
}

/** Whether this version has that migration. */
export const isKnownMigration = ({ when }: Pick<AppliedMigration, "when">): boolean =>
  journal.entries.some((entry) => entry.when === when);

/**
 * Throws Refused where this version lacks one of the migrations: it cannot know what the tables mean since. `version` is that of the
 * product they come from; this one's own says nothing, since the log of a backup may hold a later upgrade.
 */
export function refuseNewer(
  what: string,
  migrations: readonly Pick<AppliedMigration, "name" | "when">[],
  version: string = packageJson.version,
): void {
  const unknown = migrations.findLast((migration) => !isKnownMigration(migration));
  if (!unknown) return;
  const of = version === packageJson.version ? "" : `${version}, `;
  throw new Refused(
    `${what} is of a newer version of the product (${of}migration ${unknown.name}) than the one here (${packageJson.version}). Install that version here, and try again. Nothing was changed.`,
  );
}

/** Gives a new database the tables of an older version: the migrations up to and with this one. */
export async function migrateUpTo(url: string, last: Pick<AppliedMigration, "when">): Promise<void> {
  const owner = connectAsOwner(url);
  const folder = mkdtempSync(join(tmpdir(), "komichi-migrations-"));
  try {
    await refuseOld(owner);
    const entries = journal.entries.filter(({ when }) => when <= last.when);
    mkdirSync(join(folder, "meta"));
    writeFileSync(join(folder, "meta", "_journal.json"), JSON.stringify({ ...journal, entries }));
    for (const { tag } of entries) copyFileSync(join(migrationsFolder, `${tag}.sql`), join(folder, `${tag}.sql`));
    await applyMigrations(owner, { migrationsFolder: folder });
  } finally {
    await disconnect(owner);
    rmSync(folder, { recursive: true });
  }
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
