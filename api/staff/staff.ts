/** Who works here: the list of staff and of invitations still open. */

import { and, asc, eq, gt, isNotNull, not, sql } from "drizzle-orm";
import { sampleStaff } from "#api/readiness/sample-marks.ts";
import { allow, type Staff } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { db } from "#db/client.ts";
import { firstOrNotFound, NotFound } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { invitations, staff } from "#db/schema/staff.ts";
import { isOpenInvitation } from "./end-invitations.ts";

/** All members of staff, disabled ones too, and the invitations that can still be accepted. Managers only. */
export async function listStaff(by: Staff) {
  allow(by, "manager");
  // Invented staff whom the sample has left behind are nobody's colleagues; while it is there they are listed.
  const isGone = sql`${staff.disabledAt} is not null and ${staff.id} in ${sampleStaff}`;
  const people = await db.select().from(staff).where(not(isGone)).orderBy(asc(staff.createdAt));
  const open = await db
    .select()
    .from(invitations)
    .where(and(isNotNull(invitations.email), isOpenInvitation, gt(invitations.expiresAt, databaseNow)))
    .orderBy(asc(invitations.createdAt));
  return { people, invitations: open };
}

/** One member of staff, disabled or not. Managers only. Throws NotFound. */
export async function personOf(by: Staff, id: string) {
  allow(by, "manager");
  if (!isId(id)) throw new NotFound("staff");
  return firstOrNotFound(await db.select().from(staff).where(eq(staff.id, id)));
}
