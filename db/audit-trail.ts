/** Reading the audit trail; `audit` (db/actor.ts) writes it. */

import { and, asc, eq, inArray, isNotNull } from "drizzle-orm";
import { auditEvents } from "#db/schema/staff.ts";
import { type AuditAction, type AuditNoun, formerActions, formerNouns } from "#db/terms/audit.ts";
import type { Executor } from "./client.ts";

type AuditRow = typeof auditEvents.$inferSelect;

/** A row of the trail in today's words. */
export interface AuditLine<Noun extends AuditNoun> extends Omit<AuditRow, "noun" | "action"> {
  noun: Noun;
  action: AuditAction<Noun>;
}

/**
 * What was done to a noun, oldest first, in today's words whatever word the row was written with. Without
 * `nounId`, to all of them; `byStaff` leaves out what families, commands and the system did.
 */
export async function readAudit<Noun extends AuditNoun>(
  tx: Executor,
  which: { noun: Noun; nounId?: string; action?: AuditAction<Noun>; byStaff?: boolean },
): Promise<AuditLine<Noun>[]> {
  const { noun, nounId, action, byStaff = false } = which;
  const former: Record<string, string> = formerActions[noun] ?? {};
  const rows = await tx
    .select()
    .from(auditEvents)
    .where(
      and(
        inArray(auditEvents.noun, [noun, ...wordsBefore(formerNouns, noun)]),
        nounId === undefined ? undefined : eq(auditEvents.nounId, nounId),
        action === undefined ? undefined : inArray(auditEvents.action, [action, ...wordsBefore(former, action)]),
        byStaff ? isNotNull(auditEvents.staffId) : undefined,
      ),
    )
    .orderBy(asc(auditEvents.id));
  // What is in the table was written through `audit`, by this release or an older one.
  return rows.map((row) => ({ ...row, noun, action: (former[row.action] ?? row.action) as AuditAction<Noun> }));
}

const wordsBefore = (former: Record<string, string>, today: string) =>
  Object.keys(former).filter((word) => former[word] === today);
