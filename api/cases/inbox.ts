/** The inbox: which cases wait, and how many. No sealed text. */

import { and, asc, desc, eq, gt, gte, inArray, lt, sql, type SQL } from "drizzle-orm";
import { isNotErased, visibleTo } from "#api/case-access/visible.ts";
import { isHeldBy, isHeldByNobody } from "#api/holders/responsible.ts";
import { nothingOwed, owedOf } from "#api/promises/owed.ts";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { isId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads, needsReviewSql } from "#db/schema/leads.ts";
import type { CaseState } from "#db/terms/cases.ts";

const pageSize = 50;

const needsReview = needsReviewSql(leads.spamScore, cases.state);

export interface CaseFilter {
  state?: CaseState | undefined;
  /** Only cases assigned to this member of staff. */
  mine?: boolean;
  /** Only cases that the member of staff of this id is responsible for or helps in; "nobody": that nobody is responsible for. */
  holder?: string | undefined;
  topic?: string | undefined;
  relation?: (typeof consultations.$inferSelect)["relation"] | undefined;
  /** Only requests that arrived at or after this moment. */
  since?: Date | undefined;
  /** Only requests that wait for somebody to decide whether they are one, or only the others. */
  needsReview?: boolean;
  /** Id of the last case of the page before. */
  after?: string | undefined;
}

/**
 * One page of 50 cases: new ones oldest first, since they wait; all others newest first. Erased cases and those this
 * member of staff may not see are left out. `owed` says what is owed and whose turn it is at `now`; to a peer, nothing. `next` is the
 * `after` of the next page, undefined on the last.
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
      replyBy: consultations.replyBy,
      relation: consultations.relation,
      topics: consultations.topics,
      schoolStage: consultations.schoolStage,
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
  const page = rows.slice(0, pageSize);
  const ids = page.map(({ id }) => id);
  const owed = await owedOf(db, staff.role === "peer" ? [] : ids, now);
  return {
    cases: page.map((row) => ({ ...row, owed: owed.get(row.id) ?? nothingOwed })),
    next: rows.length > pageSize ? ids.at(-1) : undefined,
  };
}

/** SQL: the conditions of the filter. */
function matching(staff: Staff, filter: CaseFilter): SQL | undefined {
  const { state, mine, needsReview: wanted, holder, topic, relation, since } = filter;
  return and(
    holder === undefined
      ? undefined
      : holder === "nobody"
        ? isHeldByNobody
        : isId(holder)
          ? isHeldBy(holder)
          : sql`false`,
    topic === undefined ? undefined : sql`${topic} = any(${consultations.topics})`,
    relation ? eq(consultations.relation, relation) : undefined,
    since && gte(leads.receivedAt, since),
    state && eq(cases.state, state),
    wanted === undefined ? undefined : wanted ? needsReview : sql`not ${needsReview}`,
    mine ? isHeldBy(staff.id) : undefined,
  );
}

/** How many cases stand in one state. */
export interface StateCount {
  state: CaseState;
  /** Null for closed ones, which grow without end and are not counted. */
  count: number | null;
}

/** By state: the cases that this member of staff may see. The time it takes grows with the cases in work, not with all. */
export async function countCases(staff: Staff): Promise<Record<CaseState, StateCount>> {
  const counts = await db
    .select({ state: cases.state, count: sql<number>`count(*)::int` })
    .from(cases)
    .where(and(inArray(cases.state, ["new", "open", "waiting"]), isNotErased, visibleTo(staff)))
    .groupBy(cases.state);
  const of = (state: CaseState): StateCount => ({
    state,
    count: state === "closed" ? null : (counts.find((row) => row.state === state)?.count ?? 0),
  });
  return { new: of("new"), open: of("open"), waiting: of("waiting"), closed: of("closed") };
}
