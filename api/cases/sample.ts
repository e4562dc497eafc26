/** Invented families, their consultations, and the work of staff on them. */

import type { SampleClick } from "#analytics/keywords/sample.ts";
import { setState } from "#api/case-access/lock.ts";
import { newReference } from "#api/intake/reference.ts";
import { makePromise } from "#api/promises/promises.ts";
import { replyByDate } from "#db/calendar/calendar.ts";
import { dayOf } from "#db/calendar/days.ts";
import type { Executor } from "#db/client.ts";
import { settlePromises } from "#db/promises/settle.ts";
import { newId } from "#db/random/ids.ts";
import type { SeededRandom } from "#db/random/seeded.ts";
import { assignments, cases, closures, entries } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { deliveries } from "#db/schema/mail.ts";
import { settings } from "#db/settings/settings.ts";
import { municipalityChoices } from "#db/settings/wording.ts";
import type { CaseState, entryChannel, entryOutcome, party } from "#db/terms/cases.ts";
import { codes } from "#db/terms/codes.ts";
import { heardFrom, relation, schoolStage, topic } from "#db/terms/consultation.ts";
import { newDataKey, seal, type CaseKey } from "#db/vault/vault.ts";
import { wordsIn } from "#db/words/words.ts";
import { addressIndex } from "#emails/addresses.ts";
import { sampleMail } from "#emails/outbox/sample.ts";

const dayMs = 86_400_000;

/** Ids of the invented staff who work on the cases. */
interface SampleStaff {
  coordinators: readonly string[];
  peer: string;
}

/** Messages of invented families; nobody real wrote any of this. */
const sampleMessages = [
  "来月から長い入院になりそうです。小学校の勉強がどうなるのか、だれに聞けばよいのか分からず書いています。",
  "退院して二か月ですが、教室に入るのがこわいと言います。学校にどこまで話してよいのか迷っています。",
  "付き添いで家を空けることが多く、下の子がさみしがっています。きょうだいの居場所はありますか。",
  "病気のことを同じように経験した方のお話を、子どもに聞かせてあげたいです。",
  "訪問看護に来てもらっていますが、夜だけ預けられるところを探しています。",
  "高校を続けられるか心配です。通信制に変わる前に相談したいです。",
  "担任をしています。入院した児童のクラスへの伝え方で悩んでいます。初めてのことで手さぐりです。",
  "何から相談してよいのか分かりません。夜になると不安で、だれかに聞いてほしくて書きました。",
  "仕事を休む日が増えて、家計が苦しくなってきました。使える制度があれば教えてください。",
  "病棟で働いています。転院する子の、地元の学校や保健所とのつなぎ方を知りたいです。",
  "もうすぐ大人の病院に移ります。本人がどう準備すればよいでしょうか。",
] as const;

interface SampleResponse {
  channel: keyof typeof entryChannel;
  toParty: keyof typeof party;
  outcome?: keyof typeof entryOutcome;
  whom: string;
  what: string;
}

/** The first answer by phone. */
const sampleCall: SampleResponse = {
  channel: "phone",
  toParty: "family",
  outcome: "spoke",
  whom: "",
  what: "お電話でお話をうかがい、これからの進め方を一緒に決めた。",
};

/** The call that reached nobody. */
export const sampleAttempt: SampleResponse = {
  channel: "phone",
  toParty: "family",
  outcome: "no_answer",
  whom: "",
  what: "お電話したが、お留守だった。明日もう一度かける。",
};

/** What staff did in answer, and with whom. */
const sampleResponses: readonly SampleResponse[] = [
  { channel: "email", toParty: "family", whom: "", what: "お返事を送り、都合のよい時間をたずねた。" },
  {
    channel: "phone",
    toParty: "family",
    outcome: "spoke",
    whom: "",
    what: "電話で 40 分お話をうかがった。まず学校との話し合いに同席することになった。",
  },
  {
    channel: "phone",
    toParty: "school",
    whom: "見本小学校 特別支援教育コーディネーター",
    what: "ご家族の同意を得て、入院中の学習の進め方を確認した。",
  },
  {
    channel: "meeting",
    toParty: "medical",
    whom: "見本病院 医療ソーシャルワーカー",
    what: "退院前の話し合いに出席。復学の時期と配慮を整理した。",
  },
  {
    channel: "phone",
    toParty: "health_centre",
    whom: "見本保健所 保健師",
    what: "自立支援員の面談につないだ。来週、家庭訪問の予定。",
  },
  {
    channel: "online",
    toParty: "family",
    outcome: "spoke",
    whom: "",
    what: "ピアサポーターとオンラインで話す時間をもった。次は本人の希望で来月。",
  },
  {
    channel: "visit",
    toParty: "visiting_nurse",
    whom: "見本訪問看護ステーション",
    what: "自宅での過ごし方を一緒に確認した。",
  },
];

/**
 * A case with one consultation for some of the landings, and for 14 families who came otherwise within the last
 * `days` days. Returns how many.
 */
export async function insertSampleCases(
  tx: Executor,
  random: SeededRandom,
  clicks: readonly SampleClick[],
  staff: SampleStaff,
  days: number,
  now: Date,
): Promise<number> {
  let count = 0;
  for (const click of clicks) {
    if (random.chance(0.045 * click.weight))
      count += await insertConsultation(
        tx,
        random,
        staff,
        new Date(click.landedAt.getTime() + random.between(3, 40) * 60_000),
        click.id,
        now,
      );
  }
  for (let i = 0; i < 14; i++) {
    const receivedAt = new Date(
      now.getTime() - random.between(0, days - 1) * dayMs - random.between(1, 20) * 3_600_000,
    );
    count += await insertConsultation(tx, random, staff, receivedAt, null, now);
  }
  return count;
}

async function insertConsultation(
  tx: Executor,
  random: SeededRandom,
  staff: SampleStaff,
  receivedAt: Date,
  clickId: string | null,
  now: Date,
): Promise<number> {
  const age = (now.getTime() - receivedAt.getTime()) / dayMs;
  const state = age < 2 ? "new" : age > 45 && random.chance(0.8) ? "closed" : random.chance(0.3) ? "waiting" : "open";
  const { caseId, key } = await insertSampleRequest(tx, random, { state, receivedAt, clickId });
  if (state !== "new") await insertStaffWork(tx, random, staff, { caseId, key, receivedAt, state, now });
  return 1;
}

interface SampleRequest {
  state: CaseState;
  receivedAt: Date;
  clickId?: string | null;
  /** YYYY-MM-DD, Asia/Tokyo; by default as the calendar has it. */
  dueDay?: string;
  spamScore?: number;
}

/** One request with its case, its promise and its mails; no work of staff. */
export async function insertSampleRequest(
  tx: Executor,
  random: SeededRandom,
  { state, receivedAt, clickId = null, dueDay = replyByDate(receivedAt), spamScore = 0 }: SampleRequest,
): Promise<{ leadId: string; caseId: string; consultationId: string; key: CaseKey }> {
  const [leadId, caseId, consultationId] = [newId(receivedAt.getTime()), newId(receivedAt.getTime()), newId()];
  const { key, wrapped } = newDataKey("cases.wrapped_key", caseId);
  const email = `sample-family-${leadId.slice(-6)}@example.jp`;
  await tx.insert(cases).values({ id: caseId, state, wrappedKey: wrapped, openedAt: receivedAt });
  const reference = newReference();
  await tx
    .insert(leads)
    .values({ id: leadId, kind: "consultation", channel: "sample", reference, receivedAt, clickId, spamScore });
  await tx.insert(consultations).values({
    id: consultationId,
    leadId,
    caseId,
    relation: random.chance(0.7) ? "parent" : random.pick(codes(relation)),
    topics: [random.pick(codes(topic)), ...(random.chance(0.4) ? [random.pick(codes(topic))] : [])],
    schoolStage: random.pick(codes(schoolStage)),
    municipality: random.chance(0.8)
      ? random.pick(codes(municipalityChoices("ja", settings(), dayOf(receivedAt))))
      : null,
    heardFrom: clickId === null ? random.pick(codes(heardFrom)) : "search",
    replyBy: "email",
    replyByDate: dueDay,
    contact: seal(key, JSON.stringify({ name: "見本のご家族", email }), "consultations.contact", consultationId),
    message: seal(key, `（見本）${random.pick(sampleMessages)}`, "consultations.message", consultationId),
    emailIndex: addressIndex(email),
    consent: wordsIn("ja").consents.consultation,
  });
  await makePromise(tx, { caseId, consultationId, messageId: null, madeAt: receivedAt, dueDay });
  await tx
    .insert(deliveries)
    .values(["receipt" as const, "staff_notice" as const].map((kind) => sampleMail(kind, leadId, receivedAt)));
  return { leadId, caseId, consultationId, key };
}

/** What is known of a case on which staff work. */
interface Work {
  caseId: string;
  key: CaseKey;
  receivedAt: Date;
  state: string;
  now: Date;
}

/**
 * Assignments, journal entries and, for a closed case, its closure. Families are answered by phone at the first entry,
 * but for young cases in work, of which some wait for their answer.
 */
async function insertStaffWork(
  tx: Executor,
  random: SeededRandom,
  staff: SampleStaff,
  { caseId, key, receivedAt, state, now }: Work,
): Promise<void> {
  const staffId = random.pick(staff.coordinators);
  const assignedAt = notAfter(now, receivedAt.getTime() + 5 * 3_600_000);
  await tx.insert(assignments).values({ caseId, staffId, role: "responsible", assignedBy: staffId, assignedAt });
  if (random.chance(0.15)) {
    const since = notAfter(now, receivedAt.getTime() + 6 * 3_600_000);
    await tx.insert(assignments).values({ caseId, staffId: staff.peer, assignedBy: staffId, assignedAt: since });
  }
  const isYoung = state === "open" && now.getTime() - receivedAt.getTime() < 10 * dayMs;
  let at = receivedAt.getTime();
  let isFirst = true;
  for (let i = random.between(1, 4); i > 0; i--) {
    at += random.between(20, 140) * 3_600_000;
    if (at > now.getTime()) break;
    const picked = random.pick(sampleResponses);
    await insertSampleEntry(
      tx,
      { caseId, key, staffId, now },
      isFirst ? (isYoung ? sampleAttempt : sampleCall) : picked,
      at,
    );
    isFirst = false;
  }
  // Nobody was called yet: the case does not wait for the family.
  if (isFirst && state === "waiting") await setState(tx, caseId, "open");
  if (state !== "closed") return;
  const reason = random.pick(["settled", "handed_over"] as const);
  const closedAt = notAfter(now, at + dayMs);
  await tx.insert(closures).values({ caseId, reason, closedBy: staffId, closedAt });
}

/** What staff did at that moment (milliseconds), written down ten minutes later. */
export async function insertSampleEntry(
  tx: Executor,
  { caseId, key, staffId, now }: Pick<Work, "caseId" | "key" | "now"> & { staffId: string },
  { channel, toParty, outcome, whom, what }: SampleResponse,
  at: number,
): Promise<void> {
  const id = newId();
  const body = JSON.stringify({ who: "", whom, what: `（見本）${what}` });
  const createdAt = notAfter(now, at + 600_000);
  await tx.insert(entries).values({
    id,
    caseId,
    authorId: staffId,
    happenedAt: new Date(at),
    channel,
    fromParty: "staff",
    toParty,
    outcome: outcome ?? null,
    body: seal(key, body, "entries.body", id),
    createdAt,
  });
  await settlePromises(tx, caseId, createdAt, { id: staffId });
}

/** The moment, or `now` where it would lie in the future. */
const notAfter = (now: Date, ms: number) => new Date(Math.min(now.getTime(), ms));
