/**
 * Who holds a case: one responsible person and any number of helpers. A person who left (disabled) holds nothing, so a
 * case that only such people hold is held by nobody. This file has the only definition; every read of who holds a
 * case uses it.
 */

import { and, asc, eq, inArray, isNull, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { assignments, cases } from "#db/schema/cases.ts";
import { staff as people } from "#db/schema/staff.ts";
import { type Absent, absentOn } from "./absent.ts";

/** SQL: the assignment counts: it has not ended, and its person did not leave. For queries that join `staff`. */
export const isHolding = and(isNull(assignments.endedAt), isNull(people.disabledAt));

/** SQL: this person is responsible for the case of the row of `cases`, or helps. */
export const isHeldBy = (staffId: string): SQL => sql`exists (select 1 from ${assignments}
  join ${people} on ${people.id} = ${assignments.staffId}
  where ${assignments.caseId} = ${cases.id} and ${assignments.staffId} = ${staffId}::uuid and ${isHolding})`;

/**
 * SQL: the id of who is responsible for the case with this id; null when nobody is. A scalar subquery over the partial
 * index `assignments_responsible`, of one row at most.
 */
export const responsibleOf = (caseId: SQLWrapper): SQL<string | null> => sql<string | null>`(
  select held.staff_id from ${assignments} held join ${people} holder on holder.id = held.staff_id
  where held.case_id = ${caseId} and held.role = 'responsible' and held.ended_at is null and holder.disabled_at is null)`;

/**
 * SQL: nobody is responsible for the case of the row of `cases`. The same as `responsibleOf(cases.id) is null`, written so
 * that the planner reads the assignments once into a hash: in a list of all cases the scalar subquery, and an
 * anti-join with a limit too, is looked up for each case (20,000 cases: 180 ms against 35).
 */
export const isHeldByNobody: SQL = sql`${cases.id} not in (
  select held.case_id from ${assignments} held join ${people} holder on holder.id = held.staff_id
  where held.role = 'responsible' and held.ended_at is null and holder.disabled_at is null)`;

export interface Holder {
  assignmentId: string;
  staffId: string;
  name: string;
  since: Date;
  /** On `today`: until when they are away, and who stands in. Null on other days. */
  absent: Absent | null;
}

export interface Holders {
  /** Null: nobody holds the case. */
  responsible: Holder | null;
  /** In the order in which they came. */
  helpers: Holder[];
}

export const heldByNobody: Holders = { responsible: null, helpers: [] };

/**
 * Who holds each of these cases, by id; a case without anybody is left out (`heldByNobody`). `today` is YYYY-MM-DD in
 * Asia/Tokyo. Whether the reader may see the cases is for the caller to check.
 */
export async function holdersOf(tx: Executor, ids: readonly string[], today: string): Promise<Map<string, Holders>> {
  const rows = await tx
    .select({
      caseId: assignments.caseId,
      role: assignments.role,
      assignmentId: assignments.id,
      staffId: people.id,
      name: people.name,
      since: assignments.assignedAt,
    })
    .from(assignments)
    .innerJoin(people, eq(people.id, assignments.staffId))
    .where(and(inArray(assignments.caseId, [...ids]), isHolding))
    .orderBy(asc(assignments.assignedAt), asc(assignments.id));
  const absent = await absentOn(tx, today, [...new Set(rows.map(({ staffId }) => staffId))]);
  const byCase = Map.groupBy(rows, ({ caseId }) => caseId);
  return new Map(
    [...byCase].map(([caseId, of]) => {
      const holderOf = ({ assignmentId, staffId, name, since }: (typeof rows)[number]): Holder => ({
        ...{ assignmentId, staffId, name, since },
        absent: absent.get(staffId) ?? null,
      });
      const responsible = of.find(({ role }) => role === "responsible");
      const helpers = of.filter(({ role }) => role === "helper").map(holderOf);
      return [caseId, { responsible: responsible ? holderOf(responsible) : null, helpers }];
    }),
  );
}

/** Who holds one case. */
export const holdersIn = async (tx: Executor, id: string, today: string): Promise<Holders> =>
  (await holdersOf(tx, [id], today)).get(id) ?? heldByNobody;
