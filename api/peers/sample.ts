/** Invented briefs, and entries that are shown to the peer of the sample. */

import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { isCaseOfSample } from "#api/case-access/visible.ts";
import type { Executor } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { briefs } from "#db/schema/briefs.ts";
import { assignments, cases, entries } from "#db/schema/cases.ts";
import { seal, unwrap } from "#db/vault/vault.ts";

const sampleBriefs = [
  "（見本）図書室の本と、絵をかくことが好きなお子さんです。病気の話は、ご本人が話しはじめたら聞いてください。訪問は30分くらいで。",
  "（見本）お母さんが、同じ経験をした人に会ってみたいと話しています。入院中の勉強をどうしていたか、聞かれると思います。",
  "（見本）きょうだいの話し相手として、月に1回オンラインで。つぎの日はご本人と決めてください。",
];

/**
 * A brief in each of up to three cases in which the peer helps, to which the peer is added where there are fewer, and
 * the first entry of each shown to peers. Returns how many.
 */
export async function insertSampleBriefs(
  tx: Executor,
  { coordinators: [writtenBy = ""], peer }: { coordinators: readonly string[]; peer: string },
  now: Date,
): Promise<number> {
  const helps = sql`exists (select 1 from ${assignments} where ${assignments.caseId} = ${cases.id}
    and ${assignments.staffId} = ${peer} and ${assignments.endedAt} is null)`;
  const found = await tx
    .select({ id: cases.id, wrappedKey: cases.wrappedKey, helps: sql<boolean>`${helps}` })
    .from(cases)
    .where(and(inArray(cases.state, ["open", "waiting"]), isCaseOfSample))
    .orderBy(sql`${helps} desc`, asc(cases.id))
    .limit(sampleBriefs.length);
  const writtenAt = new Date(now.getTime() - 86_400_000);
  for (const [at, { id: caseId, wrappedKey, helps: isHelping }] of found.entries()) {
    if (!isHelping)
      await tx.insert(assignments).values({ caseId, staffId: peer, assignedBy: writtenBy, assignedAt: writtenAt });
    const id = newId();
    const body = seal(unwrap(wrappedKey, "cases.wrapped_key", caseId), sampleBriefs[at] ?? "", "briefs.body", id);
    await tx.insert(briefs).values({ id, caseId, body, writtenBy, writtenAt });
    const [first] = await tx
      .select({ id: entries.id })
      .from(entries)
      .where(eq(entries.caseId, caseId))
      .orderBy(asc(entries.happenedAt))
      .limit(1);
    if (first) await tx.update(entries).set({ shownToPeersAt: writtenAt }).where(eq(entries.id, first.id));
  }
  return found.length;
}
