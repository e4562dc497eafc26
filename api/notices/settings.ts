/** Which notices somebody wants by mail. Everybody changes their own alone. */

import { and, eq, inArray, isNull } from "drizzle-orm";
import { audit, type Staff } from "#db/actor.ts";
import { db, transaction } from "#db/client.ts";
import { staffNotices, staffNoticesOff } from "#db/schema/notices.ts";
import { codes } from "#db/terms/codes.ts";
import { type NoticeKind, noticeKind } from "#db/terms/notices.ts";

/** The kinds that this member of staff gets; all, until they switch one off. */
export async function noticesOf(staff: Staff): Promise<NoticeKind[]> {
  const off = await db
    .select({ kind: staffNoticesOff.kind })
    .from(staffNoticesOff)
    .where(eq(staffNoticesOff.staffId, staff.id));
  return codes(noticeKind).filter((kind) => !off.some((row) => row.kind === kind));
}

/** Sets the kinds that this member of staff gets. What waits of the others is not sent any more. */
export async function chooseNotices(staff: Staff, wanted: readonly NoticeKind[]): Promise<void> {
  const off = codes(noticeKind).filter((kind) => !wanted.includes(kind));
  await transaction(async (tx) => {
    await tx.delete(staffNoticesOff).where(eq(staffNoticesOff.staffId, staff.id));
    if (off.length > 0) {
      await tx.insert(staffNoticesOff).values(off.map((kind) => ({ staffId: staff.id, kind })));
      await tx
        .delete(staffNotices)
        .where(and(eq(staffNotices.staffId, staff.id), isNull(staffNotices.sentAt), inArray(staffNotices.kind, off)));
    }
    await audit(tx, staff, "change_notices", "staff", staff.id, { off: off.join(" ") });
  });
}
