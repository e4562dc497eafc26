/** What a restored database must learn before anything is served: who was erased since, and which mails went out since. */

import { sql } from "drizzle-orm";
import { z } from "zod";
import { eraseEntryAgain } from "#api/approvals/erase-entry.ts";
import type { LogGap } from "#api/backup/sets.ts";
import { countRows } from "#api/backup/take.ts";
import { eraseCase, eraseRequest } from "#api/privacy/erase.ts";
import { readLog, type Tombstone } from "#db/backup/logs.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import type { Why } from "#db/erasures/record.ts";
import { log } from "#db/log.ts";
import { rewriteSealedTables } from "#db/rewrite-tables.ts";
import { type RestoreCounts, restores } from "#db/schema/restores.ts";
import { codes } from "#db/terms/codes.ts";
import { erasureReason } from "#db/terms/privacy.ts";
import { eraseReader } from "#emails/lists/erase.ts";
import { unsubscribeAgain } from "#emails/lists/unsubscribe.ts";
import { acceptancesIn, restoreLedger } from "#emails/outbox/acceptances.ts";

const Row = z.object({
  at: z.iso.datetime(),
  case: z.uuid().optional(),
  grant: z.uuid().optional(),
  subscriber: z.uuid().optional(),
  content: z.uuid().optional(),
  left: z.uuid().optional(),
  leftList: z.uuid().optional(),
  // A reason that a later version knows is no ground to bring somebody back.
  reason: z.enum(codes(erasureReason)).default("request").catch("request"),
} satisfies Record<keyof Tombstone, z.ZodType>);

interface Restore {
  backup: string;
  restoredTo: Date;
  requestedAt?: Date | undefined;
  /** Until when messages may have gone out that no log names; undefined when the logs are complete. */
  unknownUntil: Date | undefined;
  /** Where the log broke off. */
  gap?: LogGap | undefined;
}

/**
 * Puts the restored database right: erasures are repeated, the ledger is brought up to date, numbers that were given out after the
 * backup are skipped, and everybody is signed out (a session may have been ended since). Writes down what was restored, for the
 * page of the backups. `stores` are all places in which logs lie; those of DATA_DIR are read too.
 */
export async function replayLogs(stores: readonly ObjectStore[], restore: Restore): Promise<RestoreCounts> {
  const erased = await repeatErasures(await readLog("tombstones", stores));
  const ledger = await restoreLedger(acceptancesIn(await readLog("accepted", stores)), restore);
  await skipNumbers();
  await db.execute(sql`delete from staff_sessions`);
  await db.execute(sql`delete from processes`);
  if (erased > 0) await rewriteSealedTables();
  return noteRestore(restore, { erased, ...ledger });
}

/** Writes down what was restored. Returns the counts with those of rows, and with the gap. */
export async function noteRestore(
  restore: Omit<Restore, "unknownUntil">,
  putRight: Omit<RestoreCounts, "rows" | "gap">,
): Promise<RestoreCounts> {
  const { backup, restoredTo, requestedAt = null, gap } = restore;
  const unused = gap && { gap: { object: gap.object, unused: gap.unused } };
  const counts = { ...putRight, rows: await countRows(), ...unused };
  await db.insert(restores).values({ restoredAt: new Date(), backup, restoredTo, requestedAt, counts });
  return counts;
}

/** Erases and unsubscribes again what this database still holds otherwise. Returns how many; a row that says nothing of the kind is logged. */
export async function repeatErasures(rows: readonly unknown[]): Promise<number> {
  let erased = 0;
  for (const row of rows) {
    const { data } = Row.safeParse(row);
    if (data) erased += Number(await eraseAgain(data));
    else log("restore.tombstone_not_understood");
  }
  return erased;
}

async function eraseAgain(tombstone: z.output<typeof Row>): Promise<boolean> {
  const { case: caseId, grant, subscriber, content, left, leftList, reason } = tombstone;
  const at = new Date(tombstone.at);
  const why: Why = { reason, by: null, now: at };
  if (content !== undefined) return eraseEntryAgain(content, at);
  if (left !== undefined) return unsubscribeAgain({ subscriberId: left }, at);
  if (leftList !== undefined) return unsubscribeAgain({ subscriptionId: leftList }, at);
  if (caseId !== undefined && (await holdsKey("cases", caseId))) return eraseCase(caseId, why);
  if (grant !== undefined && (await holdsKey("download_grants", grant)))
    return eraseRequest(grant, why).then(() => true);
  if (subscriber === undefined || !(await holdsKey("subscribers", subscriber))) return false;
  await eraseReader(subscriber, why);
  return true;
}

async function holdsKey(table: string, id: string): Promise<boolean> {
  const rows = await db.execute(
    sql`select 1 from ${sql.identifier(table)} where id = ${id} and wrapped_key is not null`,
  );
  return rows.length > 0;
}

/** How far numbered rows jump: nobody gives out so many numbers between a backup and a loss. */
const skipped = 100_000;

/** Numbers that were given out after the backup or the export may stand on paper or in an export: none is given out again. */
export async function skipNumbers(): Promise<void> {
  const owner = connectAsOwner();
  try {
    await owner.execute(sql`
      select setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, start_value) + ${skipped})
      from pg_sequences where schemaname = 'public'`);
  } finally {
    await disconnect(owner);
  }
}
