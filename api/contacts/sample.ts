/** An invented correction: a mistyped address of a family, put right. */

import { and, asc, eq } from "drizzle-orm";
import { isNotErased, isCaseOfSample } from "#api/case-access/visible.ts";
import { audit } from "#db/actor.ts";
import type { Executor } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { contactCorrections } from "#db/schema/contact-corrections.ts";
import { seal, unwrap } from "#db/vault/vault.ts";

/** In the first open case. Returns how many. */
export async function insertSampleCorrection(
  tx: Executor,
  { coordinators: [correctedBy = ""] }: { coordinators: readonly string[] },
  now: Date,
): Promise<number> {
  const [found] = await tx
    .select({ caseId: cases.id, wrappedKey: cases.wrappedKey, consultationId: consultations.id })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .where(and(eq(cases.state, "open"), isNotErased, isCaseOfSample))
    .orderBy(asc(cases.id))
    .limit(1);
  if (!found) return 0;
  const { caseId, wrappedKey, consultationId } = found;
  const id = newId(now.getTime());
  const before = JSON.stringify({ email: "sample-family@exmaple.jp" });
  await tx.insert(contactCorrections).values({
    ...{ id, caseId, consultationId, correctedBy, correctedAt: now, fields: ["email" as const] },
    before: seal(unwrap(wrappedKey, "cases.wrapped_key", caseId), before, "contact_corrections.before", id),
  });
  await audit(tx, { id: correctedBy }, "correct_contact", "case", caseId, { fields: "email" });
  return 1;
}
