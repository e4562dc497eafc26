/** Who wants the monthly summary by mail. Everybody changes their own alone. */

import { eq } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { db, transaction } from "#db/client.ts";
import { summaryReaders } from "#db/schema/summaries.ts";
import { summaryRoles } from "#db/terms/summaries.ts";

/** Whether this member of staff gets it; not until they ask for it. Throws Forbidden for those who may not see the report. */
export async function wantsSummary(staff: Staff): Promise<boolean> {
  allow(staff, ...summaryRoles);
  return (await db.$count(summaryReaders, eq(summaryReaders.staffId, staff.id))) > 0;
}

/**
 * Switches it on or off. Off is the end of the mail: one that was queued and has not left yet is not sent either
 * (emails/composers/staff.ts). Throws Forbidden.
 */
export async function chooseSummary(staff: Staff, isWanted: boolean, now = new Date()): Promise<void> {
  allow(staff, ...summaryRoles);
  await transaction(async (tx) => {
    if (isWanted) await tx.insert(summaryReaders).values({ staffId: staff.id, wantedAt: now }).onConflictDoNothing();
    else await tx.delete(summaryReaders).where(eq(summaryReaders.staffId, staff.id));
    await audit(tx, staff, "change_notices", "staff", staff.id, { monthly_summary: isWanted ? "on" : "off" });
  });
}
