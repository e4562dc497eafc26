/** Invented cases, so that each group of 「きょう」 has one on whatever day the sample is loaded. */

import { and, eq } from "drizzle-orm";
import { insertSampleEntry, insertSampleRequest, sampleAttempt } from "#api/cases/sample.ts";
import { makePromise } from "#api/promises/promises.ts";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import type { Executor } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import type { SeededRandom } from "#db/random/seeded.ts";
import { assignments, caseReads } from "#db/schema/cases.ts";
import { deliveries } from "#db/schema/mail.ts";
import { messages } from "#db/schema/messages.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";
import { seal } from "#db/vault/vault.ts";

const hourMs = 3_600_000;

/** Hours since the request arrived, days until the answer is due, and what is out of the ordinary. */
const sampleDays = [
  { hours: 120, due: -1 },
  { hours: 80, due: 0, special: "attempted" },
  { hours: 72, due: 0 },
  { hours: 30, due: 2, special: "addition" },
  { hours: 20, due: 3, special: "new" },
  { hours: 50, due: 2, special: "refused" },
  { hours: 6, due: 4, special: "doubtful" },
  { hours: 26, due: 3 },
] as const;

type Inserted = Awaited<ReturnType<typeof insertSampleRequest>>;

/** The first coordinator holds them and has read them, but for the new ones and the addition. Returns how many. */
export async function insertSampleDay(
  tx: Executor,
  random: SeededRandom,
  { coordinators: [first = ""] }: { coordinators: readonly string[] },
  now: Date,
): Promise<number> {
  for (const { hours, due, ...one } of sampleDays) {
    const special = "special" in one ? one.special : undefined;
    const receivedAt = new Date(now.getTime() - hours * hourMs);
    const isNew = special === "new" || special === "doubtful";
    const inserted = await insertSampleRequest(tx, random, {
      state: isNew ? "new" : "open",
      receivedAt,
      dueDay: dayAfter(dayOf(now), due),
      spamScore: special === "doubtful" ? reviewThreshold : 0,
    });
    const { caseId, leadId, key } = inserted;
    if (isNew) continue;
    const at = new Date(receivedAt.getTime() + hourMs);
    await tx
      .insert(assignments)
      .values({ caseId, staffId: first, role: "responsible", assignedBy: first, assignedAt: at });
    await tx.insert(caseReads).values({ caseId, staffId: first, readAt: at });
    if (special === "refused")
      await tx
        .update(deliveries)
        .set({ state: "failed", reply: "550 5.1.1" })
        .where(and(eq(deliveries.leadId, leadId), eq(deliveries.kind, "receipt")));
    if (special === "attempted")
      await insertSampleEntry(tx, { caseId, key, staffId: first, now }, sampleAttempt, now.getTime() - 3 * hourMs);
    if (special === "addition") await insertAddition(tx, inserted, new Date(now.getTime() - hourMs), now);
  }
  return sampleDays.length;
}

/** What the family wrote after its request, and the answer that it is owed. */
async function insertAddition(
  tx: Executor,
  { caseId, consultationId, key }: Inserted,
  writtenAt: Date,
  now: Date,
): Promise<void> {
  const id = newId(writtenAt.getTime());
  const words = "（見本）院内学級の先生から、月曜までに返事がほしいと言われました。";
  await tx
    .insert(messages)
    .values({ id, caseId, consultationId, staffId: null, body: seal(key, words, "messages.body", id), writtenAt });
  const dueDay = dayAfter(dayOf(now), 3);
  await makePromise(tx, { caseId, consultationId, messageId: id, madeAt: writtenAt, dueDay });
}
