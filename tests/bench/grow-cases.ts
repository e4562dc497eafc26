/**
 * Adds closed cases to an installation that has the sample, as years of work would: node tests/bench/grow-cases.ts
 * CASES ENTRIES. Joins the embedded PostgreSQL of DATA_DIR. What is in work stays as it is, so that a page that gets
 * slower reads what it need not.
 */

import { sql } from "drizzle-orm";
import { newReference } from "#api/intake/reference.ts";
import { dayOf } from "#db/calendar/days.ts";
import { connect, db, disconnect } from "#db/client.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { newId } from "#db/random/ids.ts";
import { seededRandom } from "#db/random/seeded.ts";
import { assignments, caseReads, cases, closures, entries } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { deliveries } from "#db/schema/mail.ts";
import { promises } from "#db/schema/promises.ts";
import { staff } from "#db/schema/staff.ts";
import { codes } from "#db/terms/codes.ts";
import { relation, topic } from "#db/terms/consultation.ts";
import { newDataKey, openVault, seal } from "#db/vault/vault.ts";
import { wordsIn } from "#db/words/words.ts";
import { addressIndex } from "#emails/addresses.ts";
import { sampleMail } from "#emails/outbox/sample.ts";

const [count = 20_000, lines = 100_000] = process.argv.slice(2).map(Number);
const years = 3;
const chunk = 500;
const dayMs = 86_400_000;
const random = seededRandom(count);
const message = "（見本）夜になると不安で、だれかに聞いてほしくて書きました。".repeat(5);
const what = "（見本）電話で40分お話をうかがった。まず学校との話し合いに同席することになった。";

/** One closed case, row by table. */
function closedCase(people: readonly string[], receivedAt: Date, lineCount: number) {
  const [caseId, leadId, consultationId, promiseId] = [newId(receivedAt.getTime()), newId(), newId(), newId()];
  const { key, wrapped } = newDataKey("cases.wrapped_key", caseId);
  const staffId = random.pick(people);
  const after = (days: number) => new Date(receivedAt.getTime() + days * dayMs);
  const email = `grown-${leadId}@example.jp`;
  const journal = Array.from({ length: lineCount }, (_, line) => {
    const id = newId();
    return {
      ...{ id, caseId, authorId: staffId, happenedAt: after(line + 1), createdAt: after(line + 1) },
      ...{
        channel: "phone" as const,
        fromParty: "staff" as const,
        toParty: "family" as const,
        outcome: "spoke" as const,
      },
      body: seal(key, JSON.stringify({ who: "", whom: "", what }), "entries.body", id),
    };
  });
  return {
    case: { id: caseId, state: "closed" as const, wrappedKey: wrapped, openedAt: receivedAt },
    lead: {
      ...{ id: leadId, kind: "consultation" as const, channel: "sample" as const, reference: newReference() },
      receivedAt,
    },
    consultation: {
      ...{
        id: consultationId,
        leadId,
        caseId,
        relation: random.pick(codes(relation)),
        topics: [random.pick(codes(topic))],
      },
      ...{ replyBy: "email" as const, replyByDate: dayOf(after(3)), consent: wordsIn("ja").consents.consultation },
      contact: seal(key, JSON.stringify({ name: "見本のご家族", email }), "consultations.contact", consultationId),
      message: seal(key, message, "consultations.message", consultationId),
      emailIndex: addressIndex(email),
    },
    promise: {
      ...{ id: promiseId, caseId, consultationId, madeAt: receivedAt, dueDay: dayOf(after(3)) },
      ...{ keptAt: after(1), keptByEntryId: journal[0]?.id, keptBy: staffId },
    },
    assignment: { caseId, staffId, role: "responsible" as const, assignedBy: staffId, assignedAt: receivedAt },
    read: { caseId, staffId, readAt: after(1) },
    closure: { caseId, reason: "settled" as const, closedBy: staffId, closedAt: after(30) },
    mails: [sampleMail("receipt", leadId, receivedAt), sampleMail("staff_notice", leadId, receivedAt)],
    journal,
  };
}

async function insertChunk(people: readonly string[], from: number, size: number): Promise<void> {
  const made = Array.from({ length: size }, (_, at) => {
    const age = 60 + ((from + at) / count) * years * 365;
    return closedCase(people, new Date(Date.now() - age * dayMs), Math.round(lines / count));
  });
  await db.transaction(async (tx) => {
    await tx.insert(cases).values(made.map((one) => one.case));
    await tx.insert(leads).values(made.map((one) => one.lead));
    await tx.insert(consultations).values(made.map((one) => one.consultation));
    await tx.insert(entries).values(made.flatMap((one) => one.journal));
    await tx.insert(promises).values(made.map((one) => one.promise));
    await tx.insert(assignments).values(made.map((one) => one.assignment));
    await tx.insert(caseReads).values(made.map((one) => one.read));
    await tx.insert(closures).values(made.map((one) => one.closure));
    await tx.insert(deliveries).values(made.flatMap((one) => one.mails));
  });
}

const cluster = await joinCluster(env.DATA_DIR);
connect(cluster.url, { pool: 2 });
await openVault();
const rows = await db.select({ id: staff.id, role: staff.role }).from(staff);
const people = rows.filter(({ role }) => role === "coordinator").map(({ id }) => id);
for (let from = 0; from < count; from += chunk) await insertChunk(people, from, Math.min(chunk, count - from));
await disconnect();
// As the autovacuum would have done long before.
connect(cluster.url, { pool: 1 });
await db.execute(sql`reset role`);
await db.execute(sql`vacuum (analyze)`);
const [grown] = await db.execute<{ cases: number; entries: number }>(
  sql`select (select count(*)::int from cases) as cases, (select count(*)::int from entries) as entries`,
);
process.stdout.write(`${JSON.stringify(grown)}\n`);
await disconnect();
await cluster.leave();
