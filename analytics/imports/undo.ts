/** Undoes a whole import: its lines go, what counts is as if it had never been, and its row says who did it. */

import { and, eq, isNull, sql } from "drizzle-orm";
import type { Period } from "#analytics/period.ts";
import { dropUnusedBids, findSameBids } from "#analytics/spend/bids.ts";
import { planForManyRows } from "#analytics/spend/plan.ts";
import { recount } from "#analytics/spend/recount.ts";
import { campaignsOf } from "#analytics/spend/spend.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { firstOrNotFound, Refused } from "#db/errors.ts";
import { adImports } from "#db/schema/attribution.ts";
import { type CampaignChange, changesBetween } from "./changes.ts";
import { lockImports } from "./import.ts";

export interface UndoResult {
  id: string;
  file: string;
  account: string;
  currency: string;
  period: Period;
  rows: number;
  /** Campaigns of which something else counts now, in the import's period. */
  changes: CampaignChange[];
}

/**
 * Undoes an import; the same file may be imported again afterwards. `staff` is null for commands. Throws NotFound for
 * an unknown id, Refused for an import that is undone already.
 */
export async function undoImport(staff: Staff | null, id: string, now = new Date()): Promise<UndoResult> {
  if (staff) allow(staff, "manager", "analyst");
  return transaction((tx) => undo(tx, staff, id, now));
}

/** Ends the transaction in which an undoing was tried. */
class Tried extends Error {
  readonly result: UndoResult;
  constructor(result: UndoResult) {
    super("tried");
    this.result = result;
  }
}

/** What undoing an import would change; nothing does. For managers and analysts. */
export async function previewUndo(staff: Staff, id: string): Promise<UndoResult> {
  allow(staff, "manager", "analyst");
  try {
    return await transaction(async (tx) => {
      throw new Tried(await undo(tx, staff, id, new Date()));
    });
  } catch (error) {
    if (error instanceof Tried) return error.result;
    throw error;
  }
}

async function undo(tx: Transaction, staff: Staff | null, id: string, now: Date): Promise<UndoResult> {
  await lockImports(tx);
  await planForManyRows(tx);
  const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(id);
  const found = firstOrNotFound(isId ? await tx.select().from(adImports).where(eq(adImports.id, id)) : []);
  if (found.undoneAt) throw new Refused("この取り込みは、すでに取り消されています。");
  const { account, currency, no } = found;
  const period = { from: found.periodFrom, to: found.periodTo };
  const before = await campaignsOf(tx, account, period);
  for (const table of ["ad_spend", "search_terms"])
    await tx.execute(sql`delete from ${sql.raw(table)} where import_no = ${no}`);
  await tx
    .update(adImports)
    .set({ undoneAt: now, undoneBy: staff?.id ?? null })
    .where(and(eq(adImports.id, id), isNull(adImports.undoneAt)));
  await dropUnusedBids(tx, account);
  await recount(tx, account, (await findSameBids(tx, account)) ? undefined : period);
  const changes = changesBetween(before, await campaignsOf(tx, account, period));
  await audit(tx, staff, "undo", "ad_import", id, { rows: found.rows, report: found.report });
  return { id, file: found.fileName, account, currency, period, rows: found.rows, changes };
}
