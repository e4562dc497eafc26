/** Ending the access of a member of staff. Their row stays, since the audit trail and the case journal name it. */

import { eq } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { transaction } from "#db/client.ts";
import { firstOrNotFound, Refused } from "#db/errors.ts";
import { staff, staffNetworks, staffSessions } from "#db/schema/staff.ts";
import { endInvitations, lockAddress } from "./end-invitations.ts";

/** Ends somebody's access at once: account, sessions and open invitations. Throws NotFound for an unknown address. */
export async function disableStaff(email: string, by: Staff | null = null): Promise<void> {
  await transaction(async (tx) => {
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
  });
}

/** A manager ends somebody else's access. Throws Refused for their own, so that one manager always remains. */
export async function disableOther(by: Staff, email: string): Promise<void> {
  allow(by, "manager");
  if (email.toLowerCase() === by.email) throw new Refused("自分自身は停止できません。ほかの管理者に頼んでください。");
  await disableStaff(email, by);
}
