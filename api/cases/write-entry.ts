/** Writing the journal of a case. */

import { allow, audit, type Staff } from "#db/actor.ts";
import { transaction } from "#db/client.ts";
import { settlePromises } from "#db/promises.ts";
import { newId } from "#db/random/ids.ts";
import { entries } from "#db/schema/cases.ts";
import { seal, unwrap } from "#db/vault/vault.ts";
import type { EntryForm } from "./forms.ts";
import { lockCase } from "./state.ts";

/**
 * Writes one entry: when, through which channel, from whom, to whom, what response. Its texts are sealed with the
 * key of the case. A call or visit to the family with the outcome `spoke` keeps what was promised. Returns its id.
 */
export async function addEntry(staff: Staff, id: string, form: EntryForm, now = new Date()): Promise<string> {
  allow(staff, "manager", "coordinator", "peer");
  return transaction(async (tx) => {
    const found = await lockCase(tx, staff, id);
    const key = unwrap(found.wrappedKey, "cases.wrapped_key", id);
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
      outcome: form.outcome ?? null,
      body: seal(key, body, "entries.body", entryId),
      createdAt: now,
    });
    await audit(tx, staff, "write", "entry", entryId, { case: id });
    await settlePromises(tx, id, now, staff);
    return entryId;
  });
}
