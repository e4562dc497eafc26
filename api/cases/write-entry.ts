/** Writing the case journal. */

import { allow, audit, type Staff } from "#db/actor.ts";
import { transaction } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { entries } from "#db/schema/cases.ts";
import { seal, unwrap } from "#db/vault/vault.ts";
import type { EntryForm } from "./forms.ts";
import { lockCase } from "./state.ts";

/** Writes one line of the journal: when, who, to whom, what response. Sealed under the case's key. */
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
      body: seal(key, body, "entries.body", entryId),
      createdAt: now,
    });
    await audit(tx, staff, "write", "entry", entryId, { case: id });
    return entryId;
  });
}
