/** Invented drafts: a reply, a note of a call and an issue of the newsletter that were begun and not sent. */

import { and, desc, eq, isNull } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { assignments, cases } from "#db/schema/cases.ts";
import { insertDraft } from "./save.ts";
import type { UnsentForm } from "./unsent.ts";

interface SampleWriters {
  coordinators: readonly string[];
  fundraiser: string;
}

/** Two drafts of the first coordinator about cases of hers, and one of the fundraiser. Returns how many. */
export async function insertSampleDrafts(
  tx: Executor,
  { coordinators: [first = ""], fundraiser }: SampleWriters,
  now: Date,
): Promise<number> {
  const held = await tx
    .select({ id: cases.id })
    .from(cases)
    .innerJoin(assignments, and(eq(assignments.caseId, cases.id), isNull(assignments.endedAt)))
    .where(and(eq(assignments.staffId, first), eq(cases.state, "open")))
    .orderBy(desc(cases.id))
    .limit(2);
  const [reply, call] = held.map(({ id }) => `/staff/cases/${id}`);
  const begun: { by: string; hours: number; draft: UnsentForm }[] = [
    { by: fundraiser, hours: 26, draft: issue },
    ...(reply === undefined ? [] : [{ by: first, hours: 3, draft: about(reply, "replies", replyBegun) }]),
    ...(call === undefined ? [] : [{ by: first, hours: 50, draft: about(call, "entries", callBegun) }]),
  ];
  for (const { by, hours, draft } of begun)
    await insertDraft(tx, by, draft, { now: new Date(now.getTime() - hours * 3_600_000) });
  return begun.length;
}

const about = (page: string, form: string, values: Record<string, string>): UnsentForm => ({
  form: `${page}/${form}`,
  page,
  values,
  errors: {},
});

const replyBegun = { reply: "（見本）お知らせくださり、ありがとうございます。院内学級のことは" };
const callBegun = { channel: "phone", what: "（見本）学校に電話し、担任の先生と" };
const issue: UnsentForm = {
  form: "/staff/newsletters",
  page: "/staff/newsletters/new",
  values: { subject: "（見本）冬のおたより", body: "寒くなりました。今号では、きょうだいの集まりのことを" },
  errors: {},
};
