/** Invented turns: cases that were handed over, that somebody helps in, and that their holder has read or not. */

import { and, asc, eq, sql } from "drizzle-orm";
import { responsibleOf } from "#api/holders/responsible.ts";
import type { Executor } from "#db/client.ts";
import { assignments, cases } from "#db/schema/cases.ts";
import { handOverIn } from "./hand-over.ts";

/** How many cases each part of the sample takes. */
const each = 2;

/**
 * Of the cases in work of the first coordinator, hands two over to the second, who helps in two more. All but two of the
 * cases that somebody is responsible for are read by them. Returns how many were handed over.
 */
export async function insertSampleTurns(
  tx: Executor,
  { coordinators: [first = "", second = ""] }: { coordinators: readonly string[] },
  now: Date,
): Promise<number> {
  const held = await tx
    .select({ id: cases.id })
    .from(cases)
    .where(and(eq(cases.state, "open"), eq(responsibleOf(cases.id), first)))
    .orderBy(asc(cases.id))
    .limit(2 * each);
  const giver = { id: first, name: "", email: "", role: "coordinator" } as const;
  for (const { id } of held.slice(0, each))
    await handOverIn(
      tx,
      giver,
      id,
      { to: second, note: "（見本）来週から担当を代わってください。学校には連絡済みです。" },
      now,
    );
  const helped = held
    .slice(each)
    .map(({ id }) => ({ caseId: id, staffId: second, assignedBy: first, assignedAt: now }));
  if (helped.length > 0) await tx.insert(assignments).values(helped);
  const [newest] = await tx
    .select({ id: cases.id })
    .from(cases)
    .where(sql`${responsibleOf(cases.id)} in (${first}, ${second})`)
    .orderBy(sql`${cases.id} desc`)
    .offset(each)
    .limit(1);
  await tx.execute(sql`
    insert into case_reads (case_id, staff_id, read_at)
    select case_id, staff_id, ${now.toISOString()}::timestamptz - interval '1 minute' from ${assignments}
    where role = 'responsible' and ended_at is null and staff_id in (${first}, ${second}) and case_id <= ${newest?.id ?? first}`);
  return Math.min(held.length, each);
}
