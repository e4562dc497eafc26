/** 引き受ける: taking a colleague's case in which an answer is overdue, with one press. */

import { lockCase } from "#api/case-access/lock.ts";
import { responsibleRoles, takeCase } from "#api/cases/assign.ts";
import { type Holders, holdersIn } from "#api/holders/responsible.ts";
import { notifyHolder } from "#api/notices/notify.ts";
import { type Owed, owedInCase } from "#api/promises/owed.ts";
import { allow, type Staff } from "#db/actor.ts";
import { dayOf, formatDateTime } from "#db/calendar/days.ts";
import { transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import type { TakeOverForm } from "./forms.ts";
import { handOverIn } from "./hand-over.ts";

/** What the handover in the journal says. */
const overdueNote = "期限が過ぎていたため引き受けました";

/**
 * Whether this person may take the case without asking: an answer in it is overdue, which makes it everybody's turn, and
 * a colleague is responsible. The page offers the button by this rule, and `takeOver` checks it.
 */
export const mayTakeOver = (
  { owed, holders }: { owed: Pick<Owed, "isOverdue">; holders: Pick<Holders, "responsible"> },
  staffId: string,
): boolean => owed.isOverdue && holders.responsible !== null && holders.responsible.staffId !== staffId;

/**
 * Makes the signed-in person responsible in place of the colleague whom their page had shown (`form.from`), by a handover
 * with a fixed note; the colleague is notified by mail. Of several who press at once the first gets the case, the others
 * are told who has it. Pressed again by whoever has it, it does nothing; where nobody is responsible any more, it is a
 * claim. Throws Refused when somebody else is responsible by now, when nothing is overdue, and when the case is closed.
 */
export async function takeOver(staff: Staff, caseId: string, form: TakeOverForm, now = new Date()): Promise<void> {
  allow(staff, ...responsibleRoles);
  await transaction(async (tx) => {
    const found = await lockCase(tx, staff, caseId);
    const holders = await holdersIn(tx, caseId, dayOf(now));
    const { responsible } = holders;
    if (responsible?.staffId === staff.id) return;
    if (responsible === null) return takeCase(tx, found, staff, staff, now);
    if (responsible.staffId !== form.from)
      throw new Refused(
        `${responsible.name}さんが担当しています（${formatDateTime(responsible.since)} から）。先に引き受けたか、引き継がれました。`,
      );
    if (!mayTakeOver({ owed: await owedInCase(tx, caseId, now), holders }, staff.id))
      throw new Refused(
        `お返事の期限が過ぎた相談ではなくなりました。${responsible.name}さんと代わるときは、引き継いでください。`,
      );
    const entryId = await handOverIn(tx, staff, caseId, { to: staff.id, note: overdueNote }, now);
    const notice = { kind: "taken_over", caseId, aboutId: entryId, to: form.from, by: staff.id } as const;
    await notifyHolder(tx, notice, now);
  });
}
