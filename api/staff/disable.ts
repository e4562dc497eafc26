/** Ending the access of a member of staff. Their row stays, since the audit trail and the case journal name it. */

import { eq } from "drizzle-orm";
import { passOnCases, type Successors } from "#api/handovers/leaving.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { type Executor, transaction } from "#db/client.ts";
import { firstOrNotFound, Refused } from "#db/errors.ts";
import { staff, staffNetworks, staffSessions } from "#db/schema/staff.ts";
import { endInvitations, lockAddress } from "./end-invitations.ts";

/**
 * Ends somebody's access at once: account, sessions and open invitations. Their cases count as held by nobody from then
 * on (api/holders/responsible.ts), so the command asks nothing and never waits for a decision. Throws NotFound for an
 * unknown address.
 */
export async function disableStaff(email: string, by: Staff | null = null): Promise<void> {
  await transaction((tx) => disableIn(tx, email, by));
}

async function disableIn(tx: Executor, email: string, by: Staff | null): Promise<void> {
  await lockAddress(tx, email);
  const person = firstOrNotFound(
    await tx
      .update(staff)
      .set({ disabledAt: databaseNow })
      .where(eq(staff.email, email.toLowerCase()))
      .returning({ id: staff.id }),
  );
  await tx.delete(staffSessions).where(eq(staffSessions.userId, person.id));
  await tx.delete(staffNetworks).where(eq(staffNetworks.staffId, person.id));
  await endInvitations(tx, email, "stopped", by);
  await audit(tx, by, "disable", "staff", person.id);
}

/**
 * A manager ends somebody else's access, and says of each case in work for which that person is responsible who gets it
 * (`to`; null: nobody yet). Both happen, or neither. Throws Refused for their own access, so that one manager always
 * remains, and with the references of the cases that `to` leaves out.
 */
export async function disableOther(
  by: Staff,
  email: string,
  to: Successors = new Map(),
  now = new Date(),
): Promise<void> {
  allow(by, "manager");
  if (email.toLowerCase() === by.email) throw new Refused("自分自身は停止できません。ほかの管理者に頼んでください。");
  await transaction(async (tx) => {
    const leaver = firstOrNotFound(
      await tx.select({ id: staff.id, name: staff.name }).from(staff).where(eq(staff.email, email.toLowerCase())),
    );
    await passOnCases(tx, by, leaver, to, now);
    await disableIn(tx, email, by);
  });
}
