/** Calls as staff send them, and what became of them. */

import { desc, eq } from "drizzle-orm";
import { openCase } from "#api/cases/case.ts";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { cases, entries } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { reminders } from "#db/schema/reminders.ts";
import { type Fields, get, postForm } from "../requests.ts";

/** A number that no other call of the test file has. */
let calls = 0;
export const freshNumber = () => `086-000-${String(++calls).padStart(4, "0")}`;

export const call = (fields: Fields = {}): Fields => ({
  message: "来週から入院します。",
  answer: "none",
  consent: "given",
  ...fields,
});

export const send = (cookie: string, fields: Fields) => postForm("/staff/cases/new", fields, { cookie });

/** The id of the case that an answer leads to. */
export const caseIn = (answer: Response): string =>
  /\/staff\/cases\/([0-9a-f-]{36})/u.exec(answer.headers.get("location") ?? "")?.[1] ?? "";

export const page = async (cookie: string, query = "") =>
  (await get(`/staff/cases/new${query}`, { cookie, headers: { accept: "text/html" } })).text();

/** What the tables hold of one case, beside what its page opens. */
export async function rowsOf(caseId: string) {
  const [row] = await db
    .select({ lead: leads, consultation: consultations })
    .from(consultations)
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(eq(consultations.caseId, caseId));
  return {
    ...row,
    entries: await db.select().from(entries).where(eq(entries.caseId, caseId)).orderBy(desc(entries.id)),
    reminders: await db.select().from(reminders).where(eq(reminders.caseId, caseId)),
  };
}

export const caseCount = () => db.$count(cases);

export async function opened(staff: Staff, caseId: string) {
  const found = await openCase(staff, caseId);
  return { ...found, asked: found.consultations[0] };
}
