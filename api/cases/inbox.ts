/** The inbox: which cases wait, and how many. No sealed text. */

import { and, asc, desc, eq, gt, lt, sql, type SQL } from "drizzle-orm";
import type { Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { isId } from "#db/random/ids.ts";
import { assignments, cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { staff as people } from "#db/schema/staff.ts";
import type { CaseState } from "#db/terms/cases.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";
import { additionDue, dueDate } from "./due.ts";
import { assignedTo, isNotErased, visibleTo } from "./visible.ts";

const pageSize = 50;

const needsReview = sql<boolean>`${leads.spamScore} >= ${reviewThreshold}`;

export interface CaseFilter {
  state?: CaseState | undefined;
  /** Only cases assigned to this member of staff. */
  mine?: boolean;
  /** Only requests whose spam score reaches the review threshold, or only the others. */
  needsReview?: boolean;
  /** Id of the last case of the page before. */
  after?: string | undefined;
}

/**
 * One page of 50 cases: new ones oldest first, since they wait; all others newest first. Erased cases and those this
 * member of staff may not see are left out. `next` is the `after` of the next page, undefined on the last.
 */
export async function listCases(staff: Staff, filter: CaseFilter, now = new Date()) {
  const isOldestFirst = filter.state === "new";
  const rows = await db
    .select({
      id: cases.id,
      state: cases.state,
      reference: leads.reference,
      receivedAt: leads.receivedAt,
      needsReview,
      /** True when the family wrote again and nobody has answered. */
      isAdded: sql<boolean>`${additionDue} is not null`,
      replyBy: consultations.replyBy,
      replyByDate: consultations.replyByDate,
      /** YYYY-MM-DD of the next answer owed; null when none is. */
      dueDate: sql<string | null>`${dueDate}::text`,
      relation: consultations.relation,
      topics: consultations.topics,
      schoolStage: consultations.schoolStage,
      assignees: sql<
        string[]
      >`array(select ${people.name} from ${assignments} join ${people} on ${people.id} = ${assignments.staffId}
        where ${assignments.caseId} = ${cases.id} and ${assignments.endedAt} is null order by ${assignments.assignedAt})`,
    })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(
      and(
        isNotErased,
        visibleTo(staff),
        matching(staff, filter),
        // Ids are time-ordered, so the id of the last row is where the next page starts.
        isId(filter.after) ? (isOldestFirst ? gt : lt)(cases.id, filter.after as string) : undefined,
      ),
    )
    .orderBy(isOldestFirst ? asc(cases.id) : desc(cases.id))
    .limit(pageSize + 1);
  const today = dayOf(now);
  const shown = rows
    .slice(0, pageSize)
    .map((row) => ({ ...row, isOverdue: row.dueDate !== null && row.dueDate < today }));
  return { cases: shown, next: rows.length > pageSize ? shown.at(-1)?.id : undefined };
}

/** SQL: the conditions of the filter. */
function matching(staff: Staff, { state, mine, needsReview: wanted }: CaseFilter): SQL | undefined {
  return and(
    state && eq(cases.state, state),
    wanted === undefined ? undefined : wanted ? needsReview : sql`not ${needsReview}`,
    mine ? assignedTo(staff) : undefined,
  );
}

/** By state: how many cases this member of staff may see, how many need review or are overdue, and the next due day. */
export async function countCases(staff: Staff, now = new Date()) {
  const waits = sql`${dueDate} is not null and not ${needsReview}`;
  const rows = await db
    .select({
      state: cases.state,
      count: sql<number>`count(*)::int`,
      needsReview: sql<number>`(count(*) filter (where ${needsReview}))::int`,
      overdue: sql<number>`(count(*) filter (where ${waits} and ${dueDate} < ${dayOf(now)}))::int`,
      /** YYYY-MM-DD of the earliest answer still owed. */
      nextDue: sql<string | null>`(min(${dueDate}) filter (where ${waits}))::text`,
    })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(and(isNotErased, visibleTo(staff)))
    .groupBy(cases.state);
  return Object.fromEntries(rows.map((row) => [row.state, row])) as Partial<Record<CaseState, (typeof rows)[number]>>;
}
