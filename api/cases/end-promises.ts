/** Ending what is owed to a family without an answer: by itself, or with a change that would otherwise hide it. */

import { earliestDue, endPromises, openPromises } from "#api/promises/promises.ts";
import { allow, type Staff } from "#db/actor.ts";
import { formatDay } from "#db/calendar/days.ts";
import { type Executor, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import type { PromiseEnd } from "#db/terms/promises.ts";
import type { PromiseEndForm } from "./forms.ts";
import { lockCase } from "./state.ts";

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

/**
 * Before a change after which nobody would look for an open promise: ends those of the locked case for `reason`, or
 * throws Refused with what is owed when no reason is given.
 */
export async function endOrRefuse(
  tx: Executor,
  staff: Staff,
  id: string,
  reason: PromiseEnd | undefined,
  now: Date,
): Promise<void> {
  const open = await openPromises(tx, id);
  const due = earliestDue(open);
  if (due === null) return;
  if (reason === undefined)
    throw new Refused(
      `まだお返事が届いていない約束が${open.length}件あります（${formatDay(due)}まで）。先にお返事をするか、お返事をしない理由を選んでください。入力した内容は残っています。`,
    );
  await endPromises(tx, id, { reason, by: staff, now });
}
