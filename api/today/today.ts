/** 「きょう」: the cases that somebody must look at now, each once. No sealed text is read here (rows.ts does). */

import { type SQL, sql } from "drizzle-orm";
import { allow, type Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import type { CaseState } from "#db/terms/cases.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";
import { byDue, type GroupName, groupNames, groupOf, type TodayCase } from "./groups.ts";

/** The cases of each group, sorted by due day, and how many there are in all. */
export interface Today {
  groups: Record<GroupName, TodayCase[]>;
  /** Cases in all groups: for the reader alone, and for everybody. */
  counts: { mine: number; all: number };
}

/**
 * What is to be done at `now`, for managers and coordinators. `isMine` leaves the cases the reader holds, those nobody
 * holds and those that need review. Reads the open promises, the cases in work without a holder and the refused mails,
 * each by index, so it does not grow with the cases that are closed or wait for nobody. Erased cases are left out.
 */
export async function listToday(staff: Staff, { isMine = false } = {}, now = new Date()): Promise<Today> {
  allow(staff, "manager", "coordinator");
  const today = dayOf(now);
  const found = (await candidates(staff)).filter((one) => groupOf(one, today) !== undefined);
  const mine = found.filter((one) => one.isMine || !one.isHeld);
  const of = Map.groupBy((isMine ? mine : found).toSorted(byDue), (one) => groupOf(one, today));
  return {
    groups: Object.fromEntries(groupNames.map((name) => [name, of.get(name) ?? []])) as Today["groups"],
    counts: { mine: mine.length, all: found.length },
  };
}

/** SQL: somebody who still works here holds the case of this id. */
const heldBy = (caseId: SQL, staffId?: string) => sql`exists (
  select 1 from assignments a join staff s on s.id = a.staff_id
  where a.case_id = ${caseId} and a.ended_at is null and s.disabled_at is null
    ${staffId === undefined ? sql`` : sql`and a.staff_id = ${staffId}`})`;

/**
 * SQL: one row for each case whose newest mail to the family was refused, unless something reached them since: a call
 * in which somebody spoke, or a visit to their page. Begins at the partial index of refused mails.
 */
export const undeliveredCases = sql`
  select co.case_id from deliveries d join consultations co on co.lead_id = d.lead_id
  where d.kind in ('receipt', 'reply_notice') and d.state in ('failed', 'suppressed')
    and not exists (select 1 from deliveries newer where newer.lead_id = d.lead_id
      and newer.kind in ('receipt', 'reply_notice') and newer.queued_at > d.queued_at)
    and not exists (select 1 from entries e where e.case_id = co.case_id and e.outcome = 'spoke'
      and e.from_party = 'staff' and e.to_party = 'family' and e.created_at > d.queued_at)
    and not exists (select 1 from messages m where m.case_id = co.case_id
      and (m.read_at > d.queued_at or (m.staff_id is null and m.written_at > d.queued_at)))
  group by co.case_id`;

interface CandidateRow extends Record<string, unknown> {
  id: string;
  state: CaseState;
  received_at: string;
  due_day: string | null;
  is_added: boolean;
  is_held: boolean;
  is_mine: boolean;
  is_undelivered: boolean;
  is_doubtful: boolean;
}

/**
 * Cases are looked up one by one, by id (lateral, with a limit): a join would read all of them. They are sorted by an
 * expression, since for a bare column the planner walks the index of all requests until it meets the case.
 */
async function candidates(staff: Staff): Promise<TodayCase[]> {
  const rows = await db.execute<CandidateRow>(sql`
    with due as (
      select case_id, min(due_day) as day, bool_or(message_id is not null) as is_added
      from promises where kept_at is null and ended_at is null group by case_id
    ), unheld as (
      select c.id as case_id from cases c where c.state in ('new', 'open', 'waiting') and not ${heldBy(sql`c.id`)}
    ), undelivered as (${undeliveredCases}),
    ids as (select case_id from due union select case_id from unheld union select case_id from undelivered)
    select c.id, c.state, c.received_at::text, due.day::text as due_day, coalesce(due.is_added, false) as is_added,
      ${heldBy(sql`c.id`)} as is_held, ${heldBy(sql`c.id`, staff.id)} as is_mine,
      u.case_id is not null and c.state <> 'closed' as is_undelivered,
      c.spam_score >= ${reviewThreshold} as is_doubtful
    from ids
    join lateral (
      select c.id, c.state, l.received_at, l.spam_score from cases c
      join consultations co on co.case_id = c.id join leads l on l.id = co.lead_id
      where c.id = ids.case_id and c.wrapped_key is not null order by extract(epoch from l.received_at) limit 1
    ) c on true
    left join due on due.case_id = ids.case_id
    left join undelivered u on u.case_id = ids.case_id`);
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    receivedAt: new Date(row.received_at),
    dueDay: row.due_day,
    isAdded: row.is_added,
    isHeld: row.is_held,
    isMine: row.is_mine,
    isUndelivered: row.is_undelivered,
    isDoubtful: row.is_doubtful,
  }));
}
