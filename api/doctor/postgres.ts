/** Settings of PostgreSQL, and what it keeps for backups. Those without which an accepted request could be lost stop every start too (db/migrate.ts). */

import { sql } from "drizzle-orm";
import { backupMode } from "#api/backup-health/mode.ts";
import { db } from "#db/client.ts";
import { backupSlot } from "#db/cluster/wal-slot.ts";
import { env } from "#db/env.ts";
import { adminMessage } from "#db/errors.ts";
import { refuseUnsafe } from "#db/migrate.ts";
import { runningProcesses } from "#db/vault/processes.ts";
import { doctorWords } from "#db/words/staff/doctor.ts";
import { type Check, ok, todo, warn } from "./check.ts";

const say = doctorWords.postgres;

/** What PostgreSQL tells of itself. */
export type Server = {
  version: string;
  autovacuum: string;
  checksums: string;
  wal_level: string;
  time_zone: string;
  /** Connections that others than superusers may have. */
  allowed: number;
  /** Whether the collation's version is that with which the indexes were built. */
  is_collation_same: boolean;
};

export async function postgresChecks(): Promise<Check[]> {
  const [server] = await db.execute<Server>(sql`select
    current_setting('server_version') as version, current_setting('autovacuum') as autovacuum,
    current_setting('data_checksums') as checksums, current_setting('wal_level') as wal_level,
    current_setting('TimeZone') as time_zone,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - current_setting('reserved_connections')::int as allowed,
    (select datcollversion is not distinct from pg_database_collation_actual_version(oid)
      from pg_database where datname = current_database()) as is_collation_same`);
  if (!server) throw new Error("the database does not tell its settings");
  return [
    await safety(),
    ...judgeServer(server),
    await connections(server.allowed),
    ...(backupMode() === "log" ? await slotChecks() : []),
  ];
}

const safety = (): Promise<Check> =>
  refuseUnsafe(db).then(
    () => ok("postgres.safe", say.safe),
    (error: unknown) => todo("postgres.safe", adminMessage(error), say.unsafeAdvice),
  );

export function judgeServer({
  version,
  autovacuum,
  checksums,
  wal_level,
  time_zone,
  is_collation_same,
}: Server): Check[] {
  return [
    ok("postgres.version", say.version(version)),
    autovacuum === "on"
      ? ok("postgres.autovacuum", say.autovacuum)
      : todo("postgres.autovacuum", say.off("autovacuum"), say.autovacuumAdvice),
    checksums === "on"
      ? ok("postgres.checksums", say.checksums)
      : warn("postgres.checksums", say.off("data_checksums"), say.noChecksumsAdvice),
    wal_level !== "minimal" || backupMode() !== "log"
      ? ok("postgres.wal_level", say.wal)
      : todo("postgres.wal_level", say.noWal(wal_level), say.noWalAdvice),
    time_zone === "UTC"
      ? ok("postgres.time_zone", say.timeZone)
      : todo("postgres.time_zone", say.otherTimeZone(time_zone), say.timeZoneAdvice),
    is_collation_same
      ? ok("postgres.collation", say.collation)
      : todo("postgres.collation", say.collationChanged, say.collationAdvice),
  ];
}

/** Of a process beside its pool: LISTEN, and jobs that work as the owner. And commands. */
const beside = { process: 4, command: 6 };

/** Every process is taken to have this DATABASE_POOL. */
async function connections(allowed: number): Promise<Check> {
  const processes = Math.max(1, (await runningProcesses()).length);
  const needed = processes * (env.DATABASE_POOL + beside.process) + beside.command;
  const code = "postgres.connections";
  return needed <= allowed
    ? ok(code, say.connections(needed, allowed))
    : todo(code, say.connections(needed, allowed), say.connectionsAdvice);
}

/** Half of max_slot_wal_keep_size of the embedded server (db/cluster/server.ts), after which the log is given up. */
const muchWal = 1024 ** 3;

/** The log that waits for a backup. */
async function slotChecks(): Promise<Check[]> {
  const slots = await db.execute<Slot>(sql`
    select wal_status as status, coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::float8 as kept
    from pg_replication_slots where slot_name = ${backupSlot}`);
  return slots.map(judgeSlot); // made with the first backup, whose age is a check of its own
}

export type Slot = {
  /** wal_status of pg_replication_slots. */
  status: string | null;
  /** Bytes of the log that it holds back. */
  kept: number;
};

export function judgeSlot({ status, kept }: Slot): Check {
  if (status === "lost") return todo("postgres.slot", say.slotLost, say.slotAdvice);
  const isMuch = status === "unreserved" || kept > muchWal;
  return isMuch ? todo("postgres.slot", say.slotLarge(kept), say.slotAdvice) : ok("postgres.slot", say.slot(kept));
}
