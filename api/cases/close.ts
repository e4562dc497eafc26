/** Ending the work on a case, and taking it up again. */

import { allow, audit, type Staff } from "#db/actor.ts";
import { transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { closures } from "#db/schema/cases.ts";
import type { ClosureForm } from "./forms.ts";
import { resumeClosedCase } from "./resume.ts";
import { lockCase, setState } from "./state.ts";

/** Ends the work for a reason. Throws Refused if it has ended already. */
export async function close(staff: Staff, id: string, form: ClosureForm, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await transaction(async (tx) => {
    const found = await lockCase(tx, staff, id, form.version);
    if (found.state === "closed") throw new Refused("すでに終了した事例です。");
    await tx.insert(closures).values({ caseId: id, reason: form.reason, closedBy: staff.id, closedAt: now });
    await setState(tx, id, "closed");
    await audit(tx, staff, "close", "case", id, { reason: form.reason });
  });
}

/** Takes the work up again. Throws Refused if it never ended. */
export async function reopen(staff: Staff, id: string, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await transaction(async (tx) => {
    const found = await lockCase(tx, staff, id);
    if (found.state !== "closed") throw new Refused("この事例は終了していません。");
    await resumeClosedCase(tx, id, staff.id, now);
    await audit(tx, staff, "reopen", "case", id);
  });
}
