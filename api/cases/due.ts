/** By which day (Asia/Tokyo, YYYY-MM-DD) a family is owed its next answer. */

import { eq, sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { cases, entries } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { messages } from "#db/schema/messages.ts";

/**
 * SQL: the first request is unanswered: no journal entry and no message of staff yet. Assigning or opening the case
 * is no answer.
 */
const isFirstOwed = sql`(${consultations.replyBy} <> 'none' and (${cases.state} = 'new' or (${cases.state} = 'open'
  and not exists (select 1 from ${entries} where ${entries.caseId} = ${cases.id})
  and not exists (select 1 from ${messages} where ${messages.caseId} = ${cases.id} and ${messages.staffId} is not null))))`;

/**
 * SQL: the promised day of the earliest message of the family after which staff have neither replied nor written an
 * entry; null without one. Compares ids instead of times, since ids ascend with time.
 */
export const additionDue = sql`(select min(added.reply_by_date) from messages added
  where added.case_id = ${cases.id} and added.staff_id is null
  and not exists (select 1 from messages reply
    where reply.case_id = added.case_id and reply.staff_id is not null and reply.id > added.id)
  and not exists (select 1 from entries entry
    where entry.case_id = added.case_id and entry.id > added.id))`;

/** SQL: the day by which the next answer is due, the first or one to a later message; null when none is. */
export const dueDate = sql<
  string | null
>`least(case when ${isFirstOwed} then ${consultations.replyByDate} end, ${additionDue})`;

/** The day by which this case is owed its next answer, over all its consultations; null when none is. */
export async function dueDateOf(tx: Executor, id: string): Promise<string | null> {
  const rows = await tx
    .select({ dueDate: sql<string | null>`${dueDate}::text` })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .where(eq(cases.id, id));
  return rows.map((row) => row.dueDate).toSorted()[0] ?? null;
}
