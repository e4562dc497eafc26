/** Closing a case, and reopening it: by staff, or because the family wrote again. */

import { and, eq, isNull } from "drizzle-orm";
import { lockCase, setState } from "#api/case-access/lock.ts";
import { endOrRefuse } from "#api/promises/promises.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Executor, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { closures } from "#db/schema/cases.ts";
import type { ClosureForm } from "./forms.ts";

/**
 * Closes the case for a reason. Throws Refused when it is closed, when somebody changed it after `form.version`, or
 * when an answer is still owed and `form.owed` does not say why it ends.
 */
export async function close(staff: Staff, id: string, form: ClosureForm, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await transaction(async (tx) => {
    const found = await lockCase(tx, staff, id, form.version);
    if (found.state === "closed") throw new Refused("すでに終了した事例です。");
    await endOrRefuse(tx, staff, id, form.owed, now);
    await tx.insert(closures).values({ caseId: id, reason: form.reason, closedBy: staff.id, closedAt: now });
    await setState(tx, id, "closed");
    await audit(tx, staff, "close", "case", id, { reason: form.reason });
  });
}

/** Reopens the case. Throws Refused when it is not closed. */
export async function reopen(staff: Staff, id: string, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await transaction(async (tx) => {
    const found = await lockCase(tx, staff, id);
    if (found.state !== "closed") throw new Refused("この事例は終了していません。");
    await reopenLockedCase(tx, id, staff.id, now);
    await audit(tx, staff, "reopen", "case", id);
  });
}

/**
 * Opens a closed case again, which the caller has locked, and ends its closure: retention counts from the closure
 * that has not ended. `by` is the staff id, or null when the family wrote again (api/correspondence).
 */
export async function reopenLockedCase(tx: Executor, caseId: string, by: string | null, now: Date): Promise<void> {
  await tx
    .update(closures)
    .set({ reopenedBy: by, reopenedAt: now })
    .where(and(eq(closures.caseId, caseId), isNull(closures.reopenedAt)));
  await setState(tx, caseId, "open");
}
