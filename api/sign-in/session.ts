/** Who is signed in. */

import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Staff } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { db } from "#db/client.ts";
import { staff, staffSessions } from "#db/schema/staff.ts";
import { auth } from "./auth.ts";

/** A session that no request has used for so long is over. */
const idleMinutes = 30;

export interface SignedIn extends Staff {
  /** False until the authenticator app is set up; until then a session may do nothing but that and sign out. */
  isEnrolled: boolean;
}

/**
 * The member of staff whose session cookie is in these headers, and a note that the session was used now.
 * Undefined without a session, 12 hours after sign-in, after 30 idle minutes, and for a disabled account.
 */
export async function currentStaff(headers: Headers): Promise<SignedIn | undefined> {
  const session = await auth().api.getSession({ headers });
  if (!session) return undefined;
  const [row] = await db
    .update(staffSessions)
    .set({ seenAt: databaseNow })
    .from(staff)
    .where(
      and(
        eq(staffSessions.id, session.session.id),
        gt(staffSessions.seenAt, sql`${databaseNow} - ${`${idleMinutes} minutes`}::interval`),
        eq(staff.id, staffSessions.userId),
        isNull(staff.disabledAt),
      ),
    )
    .returning({
      id: staff.id,
      name: staff.name,
      email: staff.email,
      role: staff.role,
      isEnrolled: staff.twoFactorEnabled,
    });
  if (row) return row;
  await db.delete(staffSessions).where(eq(staffSessions.id, session.session.id));
  return undefined;
}
