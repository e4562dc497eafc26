/** Ending what is owed to a family without an answer. */

import { lockCase } from "#api/case-access/lock.ts";
import { endPromises } from "#api/promises/promises.ts";
import { allow, type Staff } from "#db/actor.ts";
import { transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import type { PromiseEndForm } from "./forms.ts";

/**
 * Ends every open promise of the case for a reason. Throws Refused when nothing is owed, or when somebody changed the
 * case after `form.version`: the family may have written since.
 */
export async function endOwed(staff: Staff, id: string, form: PromiseEndForm, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await transaction(async (tx) => {
    await lockCase(tx, staff, id, form.version);
    const ended = await endPromises(tx, id, { reason: form.reason, by: staff, now });
    if (ended === 0) throw new Refused("お待たせしているお返事は、いまありません。");
  });
}
