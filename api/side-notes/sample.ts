/** Invented side notes, in cases of the sample that are in work. */

import { and, desc, eq } from "drizzle-orm";
import { isNotErased, isCaseOfSample } from "#api/case-access/visible.ts";
import type { Executor } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { sideNotes } from "#db/schema/side-notes.ts";
import { seal, unwrap } from "#db/vault/vault.ts";

const sampleNotes = [
  "（見本）父には連絡しない（別居）。電話は18時以降。",
  "（見本）お子さん本人が電話に出ることがあります。病名は言わないでください。",
  "（見本）家の電話ではなく、携帯にかける。",
] as const;

/** One note in each of the newest open cases. Returns how many. */
export async function insertSampleSideNotes(
  tx: Executor,
  { coordinators: [writtenBy = ""] }: { coordinators: readonly string[] },
  now: Date,
): Promise<number> {
  const found = await tx
    .select({ id: cases.id, wrappedKey: cases.wrappedKey })
    .from(cases)
    .where(and(eq(cases.state, "open"), isNotErased, isCaseOfSample))
    .orderBy(desc(cases.id))
    .limit(sampleNotes.length);
  for (const [at, { id: caseId, wrappedKey }] of found.entries()) {
    const id = newId(now.getTime());
    const key = unwrap(wrappedKey, "cases.wrapped_key", caseId);
    const body = seal(key, sampleNotes[at] ?? "", "side_notes.body", id);
    await tx.insert(sideNotes).values({ id, caseId, body, writtenBy, writtenAt: now });
  }
  return found.length;
}
