/** Which cases a member of staff may see; every query on cases uses it. */

import { and, asc, inArray, isNotNull, isNull, sql, type SQL } from "drizzle-orm";
import { isHeldBy } from "#api/holders/responsible.ts";
import { allow, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { Forbidden } from "#db/errors.ts";
import { cases } from "#db/schema/cases.ts";
import { staff as people } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";

/** SQL: managers and coordinators see all cases, peers those they help in. Throws Forbidden for other roles. */
export function visibleTo(staff: Staff): SQL {
  if (staff.role === "manager" || staff.role === "coordinator") return sql`true`;
  if (staff.role !== "peer") throw new Forbidden(`${staff.role} never sees a case`);
  return isHeldBy(staff.id);
}

/** SQL: erased cases stand in no list. */
export const isNotErased = isNotNull(cases.wrappedKey);

/** SQL: an invented case of the sample. Its other parts are written into such cases alone. */
export const isCaseOfSample = sql`exists (select 1 from consultations of_case join leads of_lead on of_lead.id = of_case.lead_id
  where of_case.case_id = ${cases.id} and of_lead.channel = 'sample')`;

/** Roles that work on cases, and to whom a case can be assigned. */
export const caseRoles: readonly Role[] = ["manager", "coordinator", "peer"];

/** Active staff to whom a case can be assigned, by name. For managers and coordinators, who assign. */
export async function listAssignable(staff: Staff) {
  allow(staff, "manager", "coordinator");
  return db
    .select({ id: people.id, name: people.name, role: people.role })
    .from(people)
    .where(and(isNull(people.disabledAt), inArray(people.role, [...caseRoles])))
    .orderBy(asc(people.name));
}
