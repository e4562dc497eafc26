/** Writing the journal of a case. */

import { lockCase } from "#api/case-access/lock.ts";
import { notifyPeers } from "#api/notices/notify.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Executor, transaction } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { settlePromises } from "#db/promises/settle.ts";
import { newId } from "#db/random/ids.ts";
import { entries } from "#db/schema/cases.ts";
import { type CaseKey, seal, unwrap } from "#db/vault/vault.ts";
import type { EntryForm } from "./forms.ts";

/** How far the clock of a colleague's machine may be ahead. */
const clockSlackMs = 10 * 60_000;

/**
 * Writes one entry: when, through which channel, from whom, to whom, what response. Its texts are sealed with the
 * key of the case. With `for_peers`, which no peer may choose, peers who help read it too. A call or visit to the family
 * with the outcome `spoke` keeps what was promised; a peer writes entries without an outcome, since whether the family
 * was answered is for those who read its words. `also` writes what belongs to the entry in the same transaction (a
 * reminder). Returns its id. Throws Invalid for an outcome that a peer gives, and for one that is known before the call
 * or visit happens.
 */
export async function addEntry(
  staff: Staff,
  id: string,
  form: EntryForm,
  now = new Date(),
  also?: (tx: Executor, entry: { id: string; key: CaseKey }) => Promise<void>,
): Promise<string> {
  allow(staff, "manager", "coordinator", "peer");
  if (form.for_peers) allow(staff, "manager", "coordinator"); // what other peers read is for those who answer the family
  if (form.outcome !== undefined && staff.role === "peer")
    throw new Invalid({ outcome: "話せたかどうかは、担当の人が記録します。選ばずに記録してください。" });
  if (form.outcome !== undefined && form.happened_at.getTime() > now.getTime() + clockSlackMs)
    throw new Invalid({ happened_at: "まだ来ていない日時です。いつ連絡したかを確かめてください。" });
  return transaction(async (tx) => {
    const found = await lockCase(tx, staff, id);
    const key = unwrap(found.wrappedKey, "cases.wrapped_key", id);
    const entryId = await insertEntry(tx, staff, { caseId: id, key }, form, now);
    await also?.(tx, { id: entryId, key });
    return entryId;
  });
}

/** The same inside the transaction of a caller that has locked the case and checked who writes. */
export async function insertEntry(
  tx: Executor,
  staff: Pick<Staff, "id">,
  { caseId, key }: { caseId: string; key: CaseKey },
  form: EntryForm,
  now: Date,
): Promise<string> {
  const isShown = form.for_peers ?? false;
  const entryId = newId();
  const body = JSON.stringify({ who: form.who ?? "", whom: form.whom ?? "", what: form.what });
  await tx.insert(entries).values({
    id: entryId,
    caseId,
    authorId: staff.id,
    happenedAt: form.happened_at,
    channel: form.channel,
    fromParty: form.from_party,
    toParty: form.to_party,
    outcome: form.outcome ?? null,
    body: seal(key, body, "entries.body", entryId),
    createdAt: now,
    shownToPeersAt: isShown ? now : null,
  });
  await audit(tx, staff, "write", "entry", entryId, { case: caseId, ...(isShown && { shown: true }) });
  if (isShown) await notifyPeers(tx, { caseId, aboutId: entryId, by: staff.id }, now);
  await settlePromises(tx, caseId, now, staff);
  return entryId;
}
