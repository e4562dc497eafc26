/** Undoes a whole import: its lines go, what counts is as if it had never been, and its row says who did it. */

import { and, eq, isNull, sql } from "drizzle-orm";
import type { Period } from "#analytics/period.ts";
import { dropUnusedBids, findSameBids } from "#analytics/spend/bids.ts";
import { planForManyRows } from "#analytics/spend/plan.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { firstOrNotFound, Refused } from "#db/errors.ts";
import { adImports } from "#db/schema/attribution.ts";
import { type Changes, recountAndCompare } from "./changes.ts";
import { lockImports, tryLockImports } from "./import.ts";

export interface UndoResult {
  id: string;
  file: string;
  account: string;
  currency: string;
  period: Period;
  rows: number;
  changes: Changes;
}

/**
 * Undoes an import; the same file may be imported again afterwards. `staff` is null for commands. Throws NotFound for
 * an unknown id, Refused for an import that is undone already.
 */
export async function undoImport(staff: Staff | null, id: string, now = new Date()): Promise<UndoResult> {
  if (staff) allow(staff, "manager", "analyst");
  return transaction(async (tx) => {
    await lockImports(tx);
    return undo(tx, staff, id, now);
  });
}

/** Ends the transaction in which an undoing was tried. */
class Tried extends Error {
  readonly result: UndoResult;
  constructor(result: UndoResult) {
    super("tried");
    this.result = result;
  }
}

/**
 * What undoing an import would change; nothing does. Takes as long as undoing it: a second for 30,000 lines. Undefined while
 * an import is under way, for which it would have to wait. For managers and analysts.
 */
export async function previewUndo(staff: Staff, id: string): Promise<UndoResult | undefined> {
  allow(staff, "manager", "analyst");
  try {
    return await transaction(async (tx) => {
      if (!(await tryLockImports(tx))) return undefined;
      throw new Tried(await undo(tx, staff, id, new Date()));
    });
  } catch (error) {
    if (error instanceof Tried) return error.result;
    throw error;
  }
}

/** The caller holds the lock on imports. */
async function undo(tx: Transaction, staff: Staff | null, id: string, now: Date): Promise<UndoResult> {
  await planForManyRows(tx);
  const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(id);
  const found = firstOrNotFound(isId ? await tx.select().from(adImports).where(eq(adImports.id, id)) : []);
  if (found.undoneAt) throw new Refused("この取り込みは、すでに取り消されています。");
  const { account, currency, no } = found;
  const period = { from: found.periodFrom, to: found.periodTo };
  await tx
    .update(adImports)
    .set({ undoneAt: now, undoneBy: staff?.id ?? null })
    .where(and(eq(adImports.id, id), isNull(adImports.undoneAt)));
  const changes = await recountAndCompare(tx, account, period, async () => {
    for (const table of ["ad_spend", "search_terms"])
      await tx.execute(sql`delete from ${sql.raw(table)} where import_no = ${no}`);
    await dropUnusedBids(tx, account);
    return findSameBids(tx, account);
  });
  await audit(tx, staff, "undo", "ad_import", id, { rows: found.rows, report: found.report });
  return { id, file: found.fileName, account, currency, period, rows: found.rows, changes };
}
