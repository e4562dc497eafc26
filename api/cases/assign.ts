/** Who is responsible for a case, who helps, and how that begins and ends. Handing over: api/handovers. */

import { and, eq, isNull } from "drizzle-orm";
import { lockCase, setState } from "#api/case-access/lock.ts";
import { caseRoles } from "#api/case-access/visible.ts";
import { holdersIn } from "#api/holders/responsible.ts";
import { notifyHolder } from "#api/notices/notify.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { dayOf, formatDateTime } from "#db/calendar/days.ts";
import { type Executor, transaction } from "#db/client.ts";
import { firstOrNotFound, Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { assignments } from "#db/schema/cases.ts";
import { staff as people } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import type { AssignmentForm } from "./forms.ts";

/** Roles that answer families. Only they can be responsible for a case; a peer supporter helps. */
export const responsibleRoles: readonly Role[] = ["manager", "coordinator"];

type LockedCase = Awaited<ReturnType<typeof lockCase>>;

/**
 * The signed-in person takes a case that nobody holds. Of several who press at once the first gets it; the others are
 * told who has it. Pressed again by whoever has it, it does nothing. Throws Refused when somebody else is responsible.
 */
export async function claim(staff: Staff, id: string, now = new Date()): Promise<void> {
  allow(staff, ...responsibleRoles);
  await transaction(async (tx) => takeCase(tx, await lockCase(tx, staff, id), staff, staff, now));
}

/**
 * Makes a person responsible for a locked case that nobody is responsible for; somebody who helped before stops
 * helping. A new case becomes open. The index `assignments_responsible` allows one, should a caller not hold the
 * lock. Throws Refused, with the name, when somebody else is responsible, and for a closed
 * case, which is reopened first.
 */
export async function takeCase(
  tx: Executor,
  found: LockedCase,
  staff: Staff,
  person: Pick<Staff, "id">,
  now: Date,
): Promise<void> {
  const { responsible } = await holdersIn(tx, found.id, dayOf(now));
  if (responsible?.staffId === person.id) return;
  if (found.state === "closed") throw new Refused("終了した事例です。先に再開してください。");
  if (responsible !== null)
    throw new Refused(
      `${responsible.name}さんが担当しています（${formatDateTime(responsible.since)} から）。代わるときは、引き継いでください。入力した内容は残っています。`,
    );
  await endResponsible(tx, found.id, now);
  await makeResponsible(tx, found, staff, person, now);
  await audit(tx, staff, "assign", "case", found.id, { to: person.id });
}

/** Ends the assignment of whoever was responsible, also of somebody who left. Returns their ids. */
export async function endResponsible(tx: Executor, caseId: string, now: Date): Promise<string[]> {
  const ended = await tx
    .update(assignments)
    .set({ endedAt: now })
    .where(and(eq(assignments.caseId, caseId), eq(assignments.role, "responsible"), isNull(assignments.endedAt)))
    .returning({ staffId: assignments.staffId });
  return ended.map(({ staffId }) => staffId);
}

/**
 * The new responsible person of a locked case without one, who is notified of it unless they did it themselves. The
 * caller writes the audit row.
 */
export async function makeResponsible(
  tx: Executor,
  { id: caseId, state }: Pick<LockedCase, "id" | "state">,
  staff: Pick<Staff, "id">,
  person: Pick<Staff, "id">,
  now: Date,
  handoverEntryId: string | null = null,
): Promise<void> {
  await tx
    .update(assignments)
    .set({ endedAt: now })
    .where(and(eq(assignments.caseId, caseId), eq(assignments.staffId, person.id), isNull(assignments.endedAt)));
  const id = newId();
  await tx.insert(assignments).values({
    id,
    caseId,
    staffId: person.id,
    role: "responsible",
    assignedBy: staff.id,
    assignedAt: now,
    handoverEntryId,
  });
  await setState(tx, caseId, state === "new" ? "open" : state);
  const kind = handoverEntryId === null ? "given" : "handed_over";
  await notifyHolder(tx, { kind, caseId, aboutId: id, to: person.id, by: staff.id }, now);
}

/**
 * Gives the case to a member of staff. With the role `responsible` it is theirs, if nobody has it; with `helper` they
 * help. Without a role they become responsible where nobody is, and help otherwise; whoever names themselves claims
 * it. A peer supporter always helps. A new case becomes open. Does nothing where they have that role already. Returns
 * the role. Throws NotFound for unknown or disabled staff, Refused for a role that does not work on cases, and with
 * the name when somebody else is responsible.
 */
export async function assign(
  staff: Staff,
  id: string,
  form: AssignmentForm,
  now = new Date(),
): Promise<"responsible" | "helper"> {
  allow(staff, "manager", "coordinator");
  return transaction(async (tx) => {
    const found = await lockCase(tx, staff, id);
    const person = await activePerson(tx, form.staff_id);
    if (!caseRoles.includes(person.role)) throw new Refused("この人には事例を任せられません。");
    const mayAnswer = responsibleRoles.includes(person.role);
    if (form.role === "responsible" && !mayAnswer)
      throw new Refused("ピアサポーターは担当になれません。手伝いとして加えてください。");
    const { responsible } = await holdersIn(tx, id, dayOf(now));
    const isSelf = person.id === staff.id;
    const wanted = form.role ?? (mayAnswer && (responsible === null || isSelf) ? "responsible" : "helper");
    await (wanted === "responsible" ? takeCase : addHelper)(tx, found, staff, person, now);
    return wanted;
  });
}

/** Does nothing where they help, or are responsible, already. The helper is notified, unless they did it themselves. */
async function addHelper(
  tx: Executor,
  { id: caseId, state }: LockedCase,
  staff: Staff,
  person: Pick<Staff, "id">,
  now: Date,
): Promise<void> {
  const [already] = await tx
    .select({ id: assignments.id })
    .from(assignments)
    .where(and(eq(assignments.caseId, caseId), eq(assignments.staffId, person.id), isNull(assignments.endedAt)));
  if (already) return;
  const id = newId();
  await tx
    .insert(assignments)
    .values({ id, caseId, staffId: person.id, role: "helper", assignedBy: staff.id, assignedAt: now });
  await setState(tx, caseId, state === "new" ? "open" : state);
  await audit(tx, staff, "assign", "case", caseId, { to: person.id, role: "helper" });
  await notifyHolder(tx, { kind: "helping", caseId, aboutId: id, to: person.id, by: staff.id }, now);
}

/** A member of staff who has not left. Throws NotFound. */
export async function activePerson(tx: Executor, id: string) {
  return firstOrNotFound(
    await tx
      .select({ id: people.id, name: people.name, role: people.role })
      .from(people)
      .where(and(eq(people.id, id), isNull(people.disabledAt))),
  );
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
      .returning({ role: assignments.role });
    const { role } = firstOrNotFound(ended);
    await audit(tx, staff, "unassign", "case", id, { from: staffId, ...(role === "helper" && { role }) });
  });
}
