/** Handing a case over: one person stops being responsible and another begins, with a note. */

import { lockCase } from "#api/case-access/lock.ts";
import { activePerson, endResponsible, makeResponsible, responsibleRoles } from "#api/cases/assign.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Executor, transaction } from "#db/client.ts";
import { Invalid, Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { entries } from "#db/schema/cases.ts";
import { seal, unwrap } from "#db/vault/vault.ts";
import type { HandoverForm } from "./forms.ts";

/**
 * Makes `form.to` responsible in place of whoever was, and writes the note into the journal. The receiver is notified by
 * mail, without content, and finds the case unread. Any manager or coordinator may do it, so that the case of somebody
 * who is ill can be passed on. Returns the id of the entry. Throws Refused when the case is closed, when somebody
 * changed it after `form.version`, and when the receiver is responsible already; Invalid at `to` for somebody who
 * has left or does not answer families.
 */
export async function handOver(staff: Staff, caseId: string, form: HandoverForm, now = new Date()): Promise<string> {
  allow(staff, ...responsibleRoles);
  return transaction((tx) => handOverIn(tx, staff, caseId, form, now));
}

/** The same inside the caller's transaction; without `version` the case is handed over as it is. */
export async function handOverIn(
  tx: Executor,
  staff: Staff,
  caseId: string,
  { to, note, version }: Omit<HandoverForm, "version"> & { version?: number },
  now: Date,
): Promise<string> {
  const found = await lockCase(tx, staff, caseId, version);
  if (found.state === "closed")
    throw new Refused("終了した事例です。先に再開してください。入力した内容は残っています。");
  const receiver = await activePerson(tx, to).catch(() => undefined);
  if (receiver === undefined || !responsibleRoles.includes(receiver.role))
    throw new Invalid({ to: "この人は担当になれません。選び直してください。" });
  const before = await endResponsible(tx, caseId, now);
  if (before.includes(receiver.id)) throw new Refused(`${receiver.name}さんが、もう担当しています。`);
  const entryId = await writeNote(tx, staff, found, { whom: receiver.name, note }, now);
  await makeResponsible(tx, found, staff, receiver, now, entryId);
  await audit(tx, staff, "hand_over", "case", caseId, { from: before[0] ?? null, to: receiver.id, entry: entryId });
  return entryId;
}

/** An entry of the journal, from staff to staff. It keeps no promise: nothing of it reached the family. */
async function writeNote(
  tx: Executor,
  staff: Staff,
  { id: caseId, wrappedKey }: Awaited<ReturnType<typeof lockCase>>,
  { whom, note }: { whom: string; note: string },
  now: Date,
): Promise<string> {
  const id = newId();
  const key = unwrap(wrappedKey, "cases.wrapped_key", caseId);
  await tx.insert(entries).values({
    id,
    caseId,
    authorId: staff.id,
    happenedAt: now,
    channel: "handover",
    fromParty: "staff",
    toParty: "staff",
    body: seal(key, JSON.stringify({ who: "", whom, what: note }), "entries.body", id),
    createdAt: now,
  });
  await audit(tx, staff, "write", "entry", id, { case: caseId });
  return id;
}
