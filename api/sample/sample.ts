/** 90 days of plausible, clearly invented life, so that every screen can be looked at. Sends nothing. */

import { eq } from "drizzle-orm";
import { insertSampleAds, type SampleClick } from "#analytics/keywords/sample.ts";
import { newReference } from "#api/intake/reference.ts";
import { audit } from "#db/actor.ts";
import { replyByDate } from "#db/calendar/calendar.ts";
import { dayOf } from "#db/calendar/days.ts";
import { type Executor, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { seededRandom, type SeededRandom } from "#db/random/seeded.ts";
import { adImports } from "#db/schema/attribution.ts";
import { assignments, cases, closures, entries } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { deliveries } from "#db/schema/mail.ts";
import { staff } from "#db/schema/staff.ts";
import { codes } from "#db/terms/codes.ts";
import { consultationConsent } from "#db/terms/consents.ts";
import { heardFrom, municipality, relation, schoolStage, topic } from "#db/terms/consultation.ts";
import { hashToken, newDataKey, seal, type CaseKey, tokenForId } from "#db/vault/vault.ts";
import { addressIndex } from "#emails/addresses.ts";
import { insertSampleReaders } from "#emails/newsletters/sample.ts";
import { messageIdFor } from "#emails/outbox/outbox.ts";
import { sampleMessages, sampleResponses } from "./words.ts";

const days = 90;
const dayMs = 86_400_000;

/** Loads the sample once. Throws Refused when it is there already. Returns how many of each. */
export async function loadSample(now = new Date()): Promise<Record<string, number>> {
  return transaction(async (tx) => {
    const [already] = await tx.select({ id: adImports.id }).from(adImports).where(eq(adImports.fileHash, "sample"));
    if (already) throw new Refused("The sample is loaded already.");
    const chance = seededRandom(20_261_120);
    const dates = Array.from({ length: days }, (_, i) => dayOf(new Date(now.getTime() - (days - i) * dayMs)));
    const people = await insertPeople(tx, now);
    const clicks = await insertSampleAds(tx, chance, dates, now);
    const consultationCount = await insertConsultations(tx, chance, clicks, people, now);
    const downloadCount = await insertDownloads(tx, chance, clicks);
    const readers = await insertSampleReaders(tx, chance, people.fundraiser, now);
    await audit(tx, null, "load", "sample", null);
    return { days, landings: clicks.length, consultations: consultationCount, downloads: downloadCount, ...readers };
  });
}

interface People {
  coordinators: string[];
  peer: string;
  fundraiser: string;
}

/** Staff who exist only to be named; they have no password and cannot sign in. */
async function insertPeople(tx: Executor, now: Date): Promise<People> {
  const rows = [
    { name: "見本 はるか", role: "coordinator" },
    { name: "見本 みどり", role: "coordinator" },
    { name: "見本 そら", role: "peer" },
    { name: "見本 あかり", role: "fundraiser" },
  ] as const;
  const added = rows.map((row, i) => ({
    ...row,
    id: newId(),
    email: `sample-staff-${i + 1}@example.jp`,
    createdAt: now,
  }));
  await tx.insert(staff).values(added);
  const [first, second, peer, fundraiser] = added.map(({ id }) => id) as [string, string, string, string];
  return { coordinators: [first, second], peer, fundraiser };
}

/** One consultation for about every eighth landing, and some that came by other ways. */
async function insertConsultations(
  tx: Executor,
  chance: SeededRandom,
  clicks: SampleClick[],
  people: People,
  now: Date,
): Promise<number> {
  let count = 0;
  for (const click of clicks) {
    if (chance.chance(0.045 * click.weight))
      count += await insertConsultation(
        tx,
        chance,
        people,
        new Date(click.landedAt.getTime() + chance.between(3, 40) * 60_000),
        click.id,
        now,
      );
  }
  for (let i = 0; i < 14; i++) {
    const receivedAt = new Date(
      now.getTime() - chance.between(0, days - 1) * dayMs - chance.between(1, 20) * 3_600_000,
    );
    count += await insertConsultation(tx, chance, people, receivedAt, null, now);
  }
  return count;
}

async function insertConsultation(
  tx: Executor,
  chance: SeededRandom,
  people: People,
  receivedAt: Date,
  clickId: string | null,
  now: Date,
): Promise<number> {
  const [leadId, caseId, consultationId] = [newId(receivedAt.getTime()), newId(receivedAt.getTime()), newId()];
  const { key, wrapped } = newDataKey("cases.wrapped_key", caseId);
  const age = (now.getTime() - receivedAt.getTime()) / dayMs;
  const state = age < 2 ? "new" : age > 45 && chance.chance(0.8) ? "closed" : chance.chance(0.3) ? "waiting" : "open";
  const email = `sample-family-${leadId.slice(-6)}@example.jp`;
  await tx.insert(cases).values({ id: caseId, state, wrappedKey: wrapped, openedAt: receivedAt });
  await tx
    .insert(leads)
    .values({ id: leadId, kind: "consultation", channel: "sample", reference: newReference(), receivedAt, clickId });
  await tx.insert(consultations).values({
    id: consultationId,
    leadId,
    caseId,
    relation: chance.chance(0.7) ? "parent" : chance.pick(codes(relation)),
    topics: [chance.pick(codes(topic)), ...(chance.chance(0.4) ? [chance.pick(codes(topic))] : [])],
    schoolStage: chance.pick(codes(schoolStage)),
    municipality: chance.chance(0.8) ? chance.pick(codes(municipality)) : null,
    heardFrom: clickId === null ? chance.pick(codes(heardFrom)) : "search",
    replyBy: "email",
    replyByDate: replyByDate(receivedAt),
    contact: seal(key, JSON.stringify({ name: "見本のご家族", email }), "consultations.contact", consultationId),
    message: seal(key, `（見本）${chance.pick(sampleMessages)}`, "consultations.message", consultationId),
    emailIndex: addressIndex(email),
    consent: consultationConsent,
  });
  await tx
    .insert(deliveries)
    .values(["receipt" as const, "staff_notice" as const].map((kind) => sentMail(kind, leadId, receivedAt)));
  if (state !== "new") await insertWork(tx, chance, people, { caseId, key, receivedAt, state, now });
  return 1;
}

function sentMail(kind: "receipt" | "staff_notice" | "guide_link", leadId: string, at: Date, grantId?: string) {
  const id = newId();
  const finishedAt = new Date(at.getTime() + 2000);
  const lane = "transactional" as const;
  return {
    id,
    kind,
    lane,
    state: "accepted" as const,
    messageId: messageIdFor(id),
    leadId,
    grantId,
    attempts: 1,
    queuedAt: at,
    dueAt: at,
    finishedAt,
    reply: "250",
  };
}

interface Work {
  caseId: string;
  key: CaseKey;
  receivedAt: Date;
  state: string;
  now: Date;
}

async function insertWork(
  tx: Executor,
  chance: SeededRandom,
  people: People,
  { caseId, key, receivedAt, state, now }: Work,
): Promise<void> {
  const staffId = chance.pick(people.coordinators);
  await tx
    .insert(assignments)
    .values({ caseId, staffId, assignedBy: staffId, assignedAt: notAfter(now, receivedAt.getTime() + 5 * 3_600_000) });
  if (chance.chance(0.15)) {
    const assignedAt = notAfter(now, receivedAt.getTime() + 6 * 3_600_000);
    await tx.insert(assignments).values({ caseId, staffId: people.peer, assignedBy: staffId, assignedAt });
  }
  let at = receivedAt.getTime();
  for (let i = chance.between(1, 4); i > 0; i--) {
    at += chance.between(20, 140) * 3_600_000;
    if (at > now.getTime()) break;
    const id = newId();
    const response = chance.pick(sampleResponses);
    const body = JSON.stringify({ who: "", whom: response.whom, what: `（見本）${response.what}` });
    const { channel, toParty } = response;
    await tx.insert(entries).values({
      id,
      caseId,
      authorId: staffId,
      happenedAt: new Date(at),
      channel,
      fromParty: "staff",
      toParty,
      body: seal(key, body, "entries.body", id),
      createdAt: notAfter(now, at + 600_000),
    });
  }
  if (state !== "closed") return;
  const reason = chance.pick(["settled", "handed_over"] as const);
  const closedAt = notAfter(now, at + dayMs);
  await tx.insert(closures).values({ caseId, reason, closedBy: staffId, closedAt });
}

/** Nothing of the sample lies ahead of the moment it is loaded at. */
const notAfter = (now: Date, ms: number) => new Date(Math.min(now.getTime(), ms));

async function insertDownloads(tx: Executor, chance: SeededRandom, clicks: SampleClick[]): Promise<number> {
  const offered = await tx.select({ slug: guides.slug }).from(guides);
  if (offered.length === 0) return 0;
  let count = 0;
  for (const click of clicks) {
    if (!chance.chance(0.11)) continue;
    const [leadId, grantId] = [newId(), newId()];
    const at = new Date(click.landedAt.getTime() + 120_000);
    await tx
      .insert(leads)
      .values({ id: leadId, kind: "download", channel: "sample", receivedAt: at, clickId: click.id });
    await tx.insert(downloadGrants).values({
      id: grantId,
      leadId,
      guideSlug: chance.pick(offered).slug,
      tokenHash: hashToken(tokenForId("download", grantId)),
      expiresAt: new Date(at.getTime() + 14 * dayMs),
      downloads: chance.between(0, 2),
    });
    await tx.insert(deliveries).values(sentMail("guide_link", leadId, at, grantId));
    count++;
  }
  return count;
}
