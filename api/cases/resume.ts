/** Taking a closed case up again: by staff, or because the family wrote on. */

import { and, eq, isNull, sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { cases, closures } from "#db/schema/cases.ts";

/**
 * Opens a closed, locked case again and marks its closure as over; retention counts from the last
 * closure that is not. `by` is null when the family did it.
 */
export async function resumeClosedCase(tx: Executor, caseId: string, by: string | null, now: Date): Promise<void> {
  await tx
    .update(closures)
    .set({ reopenedBy: by, reopenedAt: now })
    .where(and(eq(closures.caseId, caseId), isNull(closures.reopenedAt)));
  await tx
    .update(cases)
    .set({ state: "open", version: sql`${cases.version} + 1` })
    .where(eq(cases.id, caseId));
}
