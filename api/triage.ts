/**
 * What staff do to a case. Each verb: may they, one transaction, a trace in it. Moments of the record are
 * the caller's `now`; only the trace is dated by the database.
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { db, type Executor } from "#db/client.ts";
import { one, Refused } from "#db/errors.ts";
import { newId } from "#db/schema/columns.ts";
import { assignments, cases, closures, entries } from "#db/schema/cases.ts";
import { staff as people } from "#db/schema/staff.ts";
import type { CaseState } from "#db/terms.ts";
import { seal, unwrap } from "#db/vault.ts";
import { caseRoles, visibleTo } from "./cases.ts";
import type { AssignmentForm, ClosureForm, EntryForm, StateForm } from "./forms/cases.ts";
import { takeUpAgain } from "./reopening.ts";

/**
 * Locks the case for a change. Throws NotFound if the asker may not see it, Refused if it moved on or was
 * erased: of an erased family nothing is worked on.
 */
export async function take(tx: Executor, staff: Staff, id: string, version?: number) {
  const found = one(
    await tx
      .select()
      .from(cases)
      .where(and(eq(cases.id, id), visibleTo(staff)))
      .for("update"),
  );
  if (found.wrappedKey === null) throw new Refused("この相談の内容は消去されているため、操作できません。");
  if (version !== undefined && found.version !== version) {
    throw new Refused(
      "ほかの人が先にこの事例を変更しました。いまの内容を確かめて、もう一度操作してください。入力した内容は残っています。",
    );
  }
  return found;
}

/** Puts a locked case into a state. */
export async function move(tx: Executor, id: string, state: CaseState): Promise<void> {
  await tx
    .update(cases)
    .set({ state, version: sql`${cases.version} + 1` })
    .where(eq(cases.id, id));
}

/** Moves an open case between new, open and waiting; closing has a verb of its own. */
export async function changeState(staff: Staff, id: string, form: StateForm): Promise<void> {
  allow(staff, "manager", "coordinator");
  await db.transaction(async (tx) => {
    const found = await take(tx, staff, id, form.version);
    if (found.state === "closed") throw new Refused("終了した事例です。先に再開してください。");
    await move(tx, id, form.state);
    await audit(tx, staff, "change_state", "case", id, { from: found.state, to: form.state });
  });
}

/** Gives the case to one more person; a new case becomes open by it. Twice the same person is once. */
export async function assign(staff: Staff, id: string, form: AssignmentForm, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await db.transaction(async (tx) => {
    const found = await take(tx, staff, id);
    const person = one(
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
    await move(tx, id, found.state === "new" ? "open" : found.state);
    await audit(tx, staff, "assign", "case", id, { to: person.id });
  });
}

/** Ends one person's part in the case. */
export async function unassign(staff: Staff, id: string, staffId: string, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await db.transaction(async (tx) => {
    await take(tx, staff, id);
    const ended = await tx
      .update(assignments)
      .set({ endedAt: now })
      .where(and(eq(assignments.caseId, id), eq(assignments.staffId, staffId), isNull(assignments.endedAt)))
      .returning({ id: assignments.id });
    one(ended);
    await audit(tx, staff, "unassign", "case", id, { from: staffId });
  });
}

/** Writes one line of the journal: when, who, to whom, what response. Sealed under the case's key. */
export async function addEntry(staff: Staff, id: string, form: EntryForm, now = new Date()): Promise<string> {
  allow(staff, "manager", "coordinator", "peer");
  return db.transaction(async (tx) => {
    const found = await take(tx, staff, id);
    const key = unwrap(found.wrappedKey, `cases.wrapped_key.${id}`);
    const entryId = newId();
    const body = JSON.stringify({ who: form.who ?? "", whom: form.whom ?? "", what: form.what });
    await tx.insert(entries).values({
      id: entryId,
      caseId: id,
      authorId: staff.id,
      happenedAt: form.happened_at,
      channel: form.channel,
      fromParty: form.from_party,
      toParty: form.to_party,
      body: seal(key, body, `entries.body.${entryId}`),
      createdAt: now,
    });
    await audit(tx, staff, "write", "entry", entryId, { case: id });
    return entryId;
  });
}

/** Ends the work for a reason. Throws Refused if it has ended already. */
export async function close(staff: Staff, id: string, form: ClosureForm, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await db.transaction(async (tx) => {
    const found = await take(tx, staff, id, form.version);
    if (found.state === "closed") throw new Refused("すでに終了した事例です。");
    await tx.insert(closures).values({ caseId: id, reason: form.reason, closedBy: staff.id, closedAt: now });
    await move(tx, id, "closed");
    await audit(tx, staff, "close", "case", id, { reason: form.reason });
  });
}

/** Takes the work up again. Throws Refused if it never ended. */
export async function reopen(staff: Staff, id: string, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await db.transaction(async (tx) => {
    const found = await take(tx, staff, id);
    if (found.state !== "closed") throw new Refused("この事例は終了していません。");
    await takeUpAgain(tx, id, staff.id, now);
    await audit(tx, staff, "reopen", "case", id);
  });
}
