/** Telling the managers by mail when backups are too old: a job (api/jobs.ts). */

import { and, eq, gt, isNull } from "drizzle-orm";
import { transaction } from "#db/client.ts";
import { deliveries } from "#db/schema/mail.ts";
import { staff } from "#db/schema/staff.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { backupHealth } from "./health.ts";

/** The next mail about the same trouble comes a day later at the earliest. */
const apartMs = 86_400_000;

/** One mail to each manager while backups are too old, at most one a day. Returns how many were queued. */
export async function watchBackups(now: Date): Promise<{ mails: number }> {
  if (!(await backupHealth(now)).isLate) return { mails: 0 };
  return transaction(async (tx) => {
    const managers = await tx
      .select({ id: staff.id })
      .from(staff)
      .where(and(eq(staff.role, "manager"), isNull(staff.disabledAt)))
      .for("update"); // two processes send one
    const mailed = await tx
      .select({ id: deliveries.staffId })
      .from(deliveries)
      .where(and(eq(deliveries.kind, "backups_late"), gt(deliveries.queuedAt, new Date(now.getTime() - apartMs))));
    const due = managers.filter(({ id }) => !mailed.some((row) => row.id === id));
    for (const { id } of due) await enqueue(tx, { kind: "backups_late", staffId: id });
    return { mails: due.length };
  });
}
