/** Assigning a case to staff, and ending assignments. */

import { and, eq, isNull } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { transaction } from "#db/client.ts";
import { firstOrNotFound, Refused } from "#db/errors.ts";
import { assignments } from "#db/schema/cases.ts";
import { staff as people } from "#db/schema/staff.ts";
import type { AssignmentForm } from "./forms.ts";
import { lockCase, setState } from "./state.ts";
import { caseRoles } from "./visible.ts";

/**
 * Assigns the case to one more member of staff; a new case becomes open. Does nothing where they are assigned already.
 * Throws NotFound for unknown or disabled staff, Refused for a role that does not work on cases.
 */
export async function assign(staff: Staff, id: string, form: AssignmentForm, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await transaction(async (tx) => {
    const found = await lockCase(tx, staff, id);
    const person = firstOrNotFound(
      await tx
        .select()
        .from(people)
        .where(and(eq(people.id, form.staff_id), isNull(people.disabledAt))),
    );
    if (!caseRoles.includes(person.role)) throw new Refused("この人には事例を任せられません。");
    const [already] = await tx
      .select({ id: assignments.id })
      .from(assignments)
      .where(and(eq(assignments.caseId, id), eq(assignments.staffId, person.id), isNull(assignments.endedAt)));
    if (already) return;
    await tx.insert(assignments).values({ caseId: id, staffId: person.id, assignedBy: staff.id, assignedAt: now });
    await setState(tx, id, found.state === "new" ? "open" : found.state);
    await audit(tx, staff, "assign", "case", id, { to: person.id });
  });
}

/** Ends one assignment. Throws NotFound where that member of staff is not assigned. */
export async function unassign(staff: Staff, id: string, staffId: string, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await transaction(async (tx) => {
    await lockCase(tx, staff, id);
    const ended = await tx
      .update(assignments)
      .set({ endedAt: now })
      .where(and(eq(assignments.caseId, id), eq(assignments.staffId, staffId), isNull(assignments.endedAt)))
      .returning({ id: assignments.id });
    firstOrNotFound(ended);
    await audit(tx, staff, "unassign", "case", id, { from: staffId });
  });
}
