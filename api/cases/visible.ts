/** Who may see which case; every query on cases asks here. */

import { and, asc, inArray, isNotNull, isNull, sql, type SQL } from "drizzle-orm";
import { allow, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { Forbidden } from "#db/errors.ts";
import { assignments, cases } from "#db/schema/cases.ts";
import { staff as people } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";

/** The cases this member of staff may know of; everyone else's do not exist for them. */
export function visibleTo(staff: Staff): SQL {
  if (staff.role === "manager" || staff.role === "coordinator") return sql`true`;
  if (staff.role !== "peer") throw new Forbidden(`${staff.role} never sees a case`);
  return givenTo(staff);
}

export const givenTo = ({
  id,
}: Staff) => sql`exists (select 1 from ${assignments} where ${assignments.caseId} = ${cases.id}
  and ${assignments.staffId} = ${id} and ${assignments.endedAt} is null)`;

/** An erased family asks for nothing any more and stands in no list. */
export const isNotErased = isNotNull(cases.wrappedKey);

/** Roles that work on cases, and that a case can be given to. */
export const caseRoles: readonly Role[] = ["manager", "coordinator", "peer"];

/** Those a case can be given to: everyone active who may see cases. For those who give them. */
export async function listAssignable(staff: Staff) {
  allow(staff, "manager", "coordinator");
  return db
    .select({ id: people.id, name: people.name, role: people.role })
    .from(people)
    .where(and(isNull(people.disabledAt), inArray(people.role, [...caseRoles])))
    .orderBy(asc(people.name));
}
