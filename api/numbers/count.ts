/** What happened in a quarter, with small numbers: it is published as `withhold.ts` leaves it, and stored in no other way. */

import { sql } from "drizzle-orm";
import { countedLeads } from "#analytics/landings/leads.ts";
import type { Period } from "#analytics/period.ts";
import { sampleLeads } from "#api/readiness/sample-marks.ts";
import { businessDaysBetween } from "#db/calendar/calendar.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";

export interface CountedNumbers {
  consultations: number;
  guides: number;
  /** Consultations whose promised day did not pass without an answer. */
  inTime: number;
  /** Business days from each answered consultation to its answer; the day on which it came is 0. */
  answerDays: number[];
}

interface CountedLead extends Record<string, unknown> {
  kind: string;
  dueDay: string | null;
  madeAt: string | null;
  answeredAt: string | null;
  endedAt: string | null;
}

/**
 * Counts the days of `period`, as things stand at `now`. What is no consultation, what nobody has looked through, and
 * what is the sample's does not count: the rule of the keyword report (`countedLeads`), without its landings.
 */
export async function countNumbers(period: Period, now: Date): Promise<CountedNumbers> {
  const leads = await leadsOf(period);
  const consultations = leads.filter(({ kind }) => kind === "consultation");
  return {
    consultations: consultations.length,
    guides: leads.filter(({ kind }) => kind === "download").length,
    inTime: consultations.filter((lead) => isInTime(lead, dayOf(now))).length,
    answerDays: consultations.flatMap(({ madeAt, answeredAt }) =>
      madeAt === null || answeredAt === null
        ? []
        : [businessDaysBetween(dayOf(new Date(madeAt)), dayOf(new Date(answeredAt)))],
    ),
  };
}

/**
 * Each lead with the promise of the request itself. What kept it is what `settlePromises` says; a conversation, which
 * somebody may write down days later, counts from when it was.
 */
const leadsOf = (period: Period): Promise<CountedLead[]> =>
  db.execute<CountedLead>(sql`
    select lead.kind, p.due_day::text as "dueDay", p.made_at::text as "madeAt", p.ended_at::text as "endedAt",
      coalesce(conversation.happened_at, p.kept_at)::text as "answeredAt"
    from (${countedLeads([period])}) as lead
    left join consultations c on c.lead_id = lead.id
    left join promises p on p.consultation_id = c.id and p.message_id is null
    left join entries conversation on conversation.id = p.kept_by_entry_id
    where not lead.is_doubtful and lead.id not in ${sampleLeads}`);

/** Answered, or ended for a reason, by the promised day; or no answer was owed. What is still open is late once the day is over. */
function isInTime({ dueDay, answeredAt, endedAt }: CountedLead, today: string): boolean {
  if (dueDay === null) return true;
  const fate = answeredAt ?? endedAt;
  return (fate === null ? today : dayOf(new Date(fate))) <= dueDay;
}
