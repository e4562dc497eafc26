/** The inbox: which cases wait, and how many. No sealed text. */

import { and, asc, desc, eq, gt, gte, inArray, lt, sql, type SQL } from "drizzle-orm";
import { isNotErased, visibleTo } from "#api/case-access/visible.ts";
import { isHeldBy, isHeldByNobody } from "#api/holders/responsible.ts";
import { nothingOwed, owedOf } from "#api/promises/owed.ts";
import { dueByCase } from "#api/promises/promises.ts";
import type { Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { isId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import type { CaseState } from "#db/terms/cases.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";

const pageSize = 50;

const needsReview = sql<boolean>`${leads.spamScore} >= ${reviewThreshold}`;

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
  /** Only requests whose spam score reaches the review threshold, or only the others. */
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
  /** How many reach the review threshold; 0 for closed ones. */
  needsReview: number;
  /** How many are owed an answer whose day is over. Those that need review are left out. */
  overdue: number;
  /** YYYY-MM-DD (Asia/Tokyo) of the earliest answer still owed, with the same left out; null when none is. */
  nextDue: string | null;
}

/**
 * By state: the cases that this member of staff may see, and what is owed in them at `now`. The time it takes grows
 * with the cases in work and with the open promises, not with all cases.
 */
export async function countCases(staff: Staff, now = new Date()): Promise<Record<CaseState, StateCount>> {
  const counts = await countInWork(staff);
  const owed = await countOwed(staff, now);
  const of = (state: CaseState): StateCount => ({
    state,
    count: state === "closed" ? null : 0,
    needsReview: 0,
    overdue: 0,
    nextDue: null,
    ...counts.find((row) => row.state === state),
    ...owed.find((row) => row.state === state),
  });
  return { new: of("new"), open: of("open"), waiting: of("waiting"), closed: of("closed") };
}

function countInWork(staff: Staff) {
  return db
    .select({
      state: cases.state,
      count: sql<number>`count(*)::int`,
      needsReview: sql<number>`(count(*) filter (where ${needsReview}))::int`,
    })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(and(inArray(cases.state, ["new", "open", "waiting"]), isNotErased, visibleTo(staff)))
    .groupBy(cases.state);
}

/** Looks up each case that owes an answer by its id (lateral, with a limit): a join would read all cases. */
function countOwed(staff: Staff, now: Date) {
  const due = dueByCase();
  const found = db
    .select({ state: cases.state })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(and(eq(cases.id, due.caseId), visibleTo(staff), sql`not ${needsReview}`))
    .limit(1)
    .as("found");
  return db
    .with(due)
    .select({
      state: found.state,
      overdue: sql<number>`(count(*) filter (where ${due.day} < ${dayOf(now)}))::int`,
      nextDue: sql<string | null>`min(${due.day})::text`,
    })
    .from(due)
    .innerJoinLateral(found, sql`true`)
    .groupBy(found.state);
}
