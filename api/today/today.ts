/** 「きょう」: the cases that somebody must look at now, each once. No sealed text is read here (rows.ts does). */

import { sql } from "drizzle-orm";
import { isNotErased } from "#api/case-access/visible.ts";
import { isHeldBy, responsibleOf } from "#api/holders/responsible.ts";
import { waitsToBeRead } from "#api/holders/unread.ts";
import { isOpen } from "#api/promises/promises.ts";
import { dueReminders } from "#api/reminders/reminders.ts";
import { allow, type Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { needsReviewSql } from "#db/schema/leads.ts";
import { deliveries, isRefusedToFamily } from "#db/schema/mail.ts";
import { promises } from "#db/schema/promises.ts";
import type { CaseState } from "#db/terms/cases.ts";
import { byDue, type GroupName, groupNames, todayGroupOf, type TodayCase } from "./groups.ts";

/** The cases of each group, sorted by due day, and how many there are in all. */
export interface Today {
  groups: Record<GroupName, TodayCase[]>;
  /** Cases in all groups: for the reader alone, and for everybody. */
  counts: { mine: number; all: number };
}

/**
 * What is to be done at `now`, for managers and coordinators. `isMine` leaves the cases that the reader is responsible
 * for or helps in, those with a reminder for them, those that nobody is responsible for and those that need review.
 * Reads the open promises, the cases in work, the reminders that are due and the refused mails, each by index, so it
 * does not grow with the closed cases. Erased cases are left out.
 */
export async function listToday(staff: Staff, { isMine = false } = {}, now = new Date()): Promise<Today> {
  allow(staff, "manager", "coordinator");
  const today = dayOf(now);
  const found = (await candidates(staff, today)).filter((one) => todayGroupOf(one, today) !== undefined);
  const mine = found.filter((one) => one.isMine || !one.isHeld);
  const of = Map.groupBy((isMine ? mine : found).toSorted(byDue), (one) => todayGroupOf(one, today));
  return {
    groups: Object.fromEntries(groupNames.map((name) => [name, of.get(name) ?? []])) as Today["groups"],
    counts: { mine: mine.length, all: found.length },
  };
}

/**
 * SQL: one row for each case whose newest mail to the family was refused, unless something reached them since: a call
 * in which somebody spoke, or a visit to their page. Begins at the partial index of refused mails.
 */
export const undeliveredCases = sql`
  select co.case_id from ${deliveries} join consultations co on co.lead_id = ${deliveries.leadId}
  where ${isRefusedToFamily(deliveries)}
    and not exists (select 1 from deliveries newer where newer.lead_id = ${deliveries.leadId}
      and newer.kind in ('receipt', 'reply_notice') and newer.queued_at > ${deliveries.queuedAt})
    and not exists (select 1 from entries e where e.case_id = co.case_id and e.outcome = 'spoke'
      and e.from_party = 'staff' and e.to_party = 'family' and e.created_at > ${deliveries.queuedAt})
    and not exists (select 1 from messages m where m.case_id = co.case_id
      and (m.read_at > ${deliveries.queuedAt} or (m.staff_id is null and m.written_at > ${deliveries.queuedAt})))
  group by co.case_id`;

/** Days after which a call without consent is to be looked at. */
const consentDays = 30;

/** SQL: one row for each case with a call of `consentDays` ago or earlier and no consent. Reads the partial index of those without. */
const casesWithoutConsent = (today: string) => sql`
  select ${consultations.caseId} as case_id from ${consultations}
  where ${consultations.consent} is null and (
    select (l.received_at at time zone 'Asia/Tokyo')::date from leads l where l.id = ${consultations.leadId}
  ) <= ${today}::date - ${consentDays}::int group by ${consultations.caseId}`;

interface CandidateRow extends Record<string, unknown> {
  id: string;
  state: CaseState;
  received_at: string;
  due_day: string | null;
  is_unread: boolean;
  is_held: boolean;
  is_mine: boolean;
  is_undelivered: boolean;
  is_doubtful: boolean;
  lacks_consent: boolean;
  reminder_day: string | null;
}

/**
 * Cases are looked up one by one, by id (lateral, with a limit), and so are their leads: a join would read all of
 * them. They are sorted by an expression, since for a bare column the planner walks the index of all requests until
 * it meets the case.
 */
async function candidates(staff: Staff, today: string): Promise<TodayCase[]> {
  const rows = await db.execute<CandidateRow>(sql`
    with due as (
      select case_id, min(due_day) as day from ${promises} where ${isOpen} group by case_id
    ), in_work as materialized (
      select ${cases.id} as case_id, ${responsibleOf(cases.id)} is null as is_unheld, ${waitsToBeRead} as is_unread
      from ${cases} where ${cases.state} in ('new', 'open', 'waiting')
    ), undelivered as (${undeliveredCases}), reminded as (${dueReminders(today, staff.id)}),
    without_consent as (${casesWithoutConsent(today)}),
    ids as (select case_id from due union select case_id from in_work where is_unheld or is_unread
      union select case_id from undelivered union select case_id from reminded union select case_id from without_consent)
    select c.id, c.state, c.received_at::text, due.day::text as due_day, coalesce(w.is_unread, false) as is_unread,
      c.is_held, c.is_holding or coalesce(r.is_mine, false) as is_mine,
      u.case_id is not null and c.state <> 'closed' as is_undelivered,
      ${needsReviewSql(sql`c.spam_score`, sql`c.state`)} as is_doubtful,
      wc.case_id is not null and c.state <> 'closed' as lacks_consent, r.day::text as reminder_day
    from ids
    join lateral (
      select ${cases.id}, ${cases.state}, l.received_at, l.spam_score,
        ${responsibleOf(cases.id)} is not null as is_held, ${isHeldBy(staff.id)} as is_holding
      from ${cases} join consultations co on co.case_id = ${cases.id}
      join lateral (select received_at, spam_score from leads where id = co.lead_id limit 1) l on true
      where ${cases.id} = ids.case_id and ${isNotErased} order by extract(epoch from l.received_at) limit 1
    ) c on true
    left join due on due.case_id = ids.case_id
    left join in_work w on w.case_id = ids.case_id
    left join reminded r on r.case_id = ids.case_id
    left join undelivered u on u.case_id = ids.case_id
    left join without_consent wc on wc.case_id = ids.case_id`);
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    receivedAt: new Date(row.received_at),
    dueDay: row.due_day,
    isUnread: row.is_unread,
    isHeld: row.is_held,
    isMine: row.is_mine,
    isUndelivered: row.is_undelivered,
    isDoubtful: row.is_doubtful,
    lacksConsent: row.lacks_consent,
    reminderDay: row.reminder_day,
  }));
}
