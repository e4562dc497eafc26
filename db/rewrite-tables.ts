/**
 * Removes from the data files what was erased from the rows. An UPDATE leaves the old row on its page, and a
 * plain VACUUM only marks its space as free: on PostgreSQL 18.4 erased TOAST chunks could still be read.
 * So the tables are rewritten (VACUUM FULL), the log is switched, and a checkpoint writes everything and
 * removes the files before.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { connectAsOwner, type Db, disconnect } from "./client.ts";

/** A step that was not done: without the rights of the database's owner, or while a lock or transaction was in the way. */
export interface NotDone {
  /** "vacuum cases", "checkpoint", … */
  step: string;
  why: "not_allowed" | "busy";
}

/**
 * Rewrites every table that has a column of bytes (whatever is sealed, wrapped or an HMAC) and the
 * planner's statistics, then switches the write-ahead log and checkpoints. Call it after the commit. Each table is
 * locked while it is copied (0.5 s for 20,000 texts of 2 KB, measured). Waits up to `waitMs` for transactions
 * that may still see the old rows; for a lock, which holds others up, 3 s at most. Returns the steps that were
 * not taken, [] when all were.
 */
export async function rewriteSealedTables({ url, waitMs = 30_000 }: { url?: string; waitMs?: number } = {}): Promise<
  NotDone[]
> {
  const owner = connectAsOwner(url);
  try {
    const notDone: NotDone[] = [];
    const step = async (name: string, statement: string) => {
      const why = await refusalOf(owner, statement);
      if (why) notDone.push({ step: name, why });
    };
    if (!(await isAlone(owner, waitMs))) notDone.push({ step: "older transactions", why: "busy" });
    await owner.execute(sql`select set_config('lock_timeout', ${`${Math.min(waitMs, 3000)}ms`}, false)`);
    for (const { name, allowed } of await sealedTables(owner)) {
      if (allowed) await step(`vacuum ${name}`, `vacuum (full) ${name}`);
      else notDone.push({ step: `vacuum ${name}`, why: "not_allowed" });
    }
    await step("switch log", "select pg_switch_wal()");
    await step("checkpoint", "checkpoint");
    return notDone;
  } finally {
    await disconnect(owner);
  }
}

/** VACUUM passes over a table it may not touch with a warning that nobody sees, so it is asked before. */
function sealedTables(owner: Db) {
  return owner.execute<{ name: string; allowed: boolean }>(sql`
    select c.oid::regclass::text as name, has_table_privilege(c.oid, 'maintain')
      or pg_has_role((select datdba from pg_database where datname = current_database()), 'usage') as allowed
    from pg_class c
    where c.oid = 'pg_statistic'::regclass or (c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.atttypid = 'bytea'::regtype and not a.attisdropped))
    order by c.relnamespace, 1`);
}

/** Why a statement was refused; undefined when it was not. Throws what is neither a right nor a lock. */
async function refusalOf(owner: Db, statement: string): Promise<NotDone["why"] | undefined> {
  try {
    await owner.execute(sql.raw(statement));
    return undefined;
  } catch (error) {
    const code = ((error as Error).cause as { code?: string } | undefined)?.code;
    if (code === "42501") return "not_allowed";
    if (code === "55P03") return "busy";
    throw error;
  }
}

/**
 * Whether nobody is left who could see rows of before this moment: a copy would still hold those rows.
 * What is being written in any database of the server counts too, since the copying transaction's own
 * snapshot begins there.
 */
async function isAlone(owner: Db, waitMs: number): Promise<boolean> {
  const [start] = await owner.execute<{ next: string }>(
    sql`select pg_snapshot_xmax(pg_current_snapshot())::text as next`,
  );
  const look = sql`select pg_snapshot_xmin(pg_current_snapshot()) >= ${start?.next}::xid8 and not exists (
    select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      and age(backend_xmin) > age(${start?.next}::xid8::xid)) as alone`;
  for (let waited = 0; ; waited += 50) {
    const [row] = await owner.execute<{ alone: boolean }>(look);
    if (row?.alone) return true;
    if (waited >= waitMs) return false;
    await sleep(50);
  }
}
