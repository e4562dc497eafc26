/** The peer supporters who help in a case. */

import { and, asc, eq } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { assignments } from "#db/schema/cases.ts";
import { staff as people } from "#db/schema/staff.ts";
import { isHolding } from "./responsible.ts";

/** Those who help now, in the order in which they came. */
export function peersIn(tx: Executor, caseId: string): Promise<{ id: string; name: string }[]> {
  return tx
    .select({ id: people.id, name: people.name })
    .from(assignments)
    .innerJoin(people, eq(people.id, assignments.staffId))
    .where(and(eq(assignments.caseId, caseId), eq(people.role, "peer"), isHolding))
    .orderBy(asc(assignments.assignedAt), asc(assignments.id));
}
