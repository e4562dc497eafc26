/** The state a case is in. */

import { lockCase, setState } from "#api/case-access/lock.ts";
import { endOrRefuse } from "#api/promises/promises.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import type { StateForm } from "./forms.ts";

/**
 * Sets a case that is not closed to new, open or waiting. Throws Refused for a closed one, which is reopened instead,
 * and for `waiting` when an answer is still owed and `form.owed` does not say why it ends.
 */
export async function changeState(staff: Staff, id: string, form: StateForm, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await transaction(async (tx) => {
    const found = await lockCase(tx, staff, id, form.version);
    if (found.state === "closed") throw new Refused("終了した事例です。先に再開してください。");
    if (form.state === "waiting") await endOrRefuse(tx, staff, id, form.owed, now);
    await setState(tx, id, form.state);
    await audit(tx, staff, "change_state", "case", id, { from: found.state, to: form.state });
  });
}
