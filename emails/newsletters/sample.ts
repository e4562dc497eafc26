/** Invented readers and issues, with a ledger that adds up. Nothing here is ever sent. */

import type { Executor } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import type { SeededRandom } from "#db/random/seeded.ts";
import { deliveries, newsletters, subscribers, subscriptions } from "#db/schema/mail.ts";
import { wordsIn } from "#db/words/words.ts";
import { confirmWithin } from "#emails/lists/confirmation-mail.ts";
import { readLists } from "#emails/lists/lists.ts";
import { saveConsent, sealedSubscriber } from "#emails/lists/subscriptions.ts";
import { messageIdFor } from "#emails/outbox/outbox.ts";

const issues: {
  daysAgo: number;
  list: string;
  slug: string;
  subject: string;
  body: string;
  isUndecided?: boolean;
}[] = [
  {
    daysAgo: 75,
    list: "events",
    slug: "sample-1",
    subject: "【見本】夏のオンラインおしゃべり会のお知らせ",
    body: "## 夏のおしゃべり会\n\n同じような経験をした家族どうしで、気楽に話す会を開きます。顔を出さない参加もできます。\n\n- 日時: 8 月の土曜日、午後 2 時から\n- 場所: オンライン\n\nこの号は見本です。実際の催しはありません。",
  },
  {
    daysAgo: 45,
    list: "news",
    slug: "sample-2",
    subject: "【見本】2学期のはじまりに、学校へ伝えておきたいこと",
    body: "## 先生に伝える三つのこと\n\n1. 体調が変わりやすい時間\n2. 休みたいときの合図\n3. 友だちに話してよいこと\n\nこの号は見本です。",
  },
  {
    daysAgo: 14,
    list: "news",
    slug: "sample-3",
    isUndecided: true,
    subject: "【見本】新しい資料ができました",
    body: "## 資料のご案内\n\n入院中の学びと復学について、はじめの一歩をまとめました。\n\n[資料: learning-in-hospital]\n\nこの号は見本です。",
  },
];

/** What the few who left have said; most people say nothing. */
const reasons = ["too_many", null, "settled", null, "too_many", null] as const;

/** Addresses of the invented readers, by which they are found again to be taken away. */
export const sampleReaderAddresses: readonly string[] = Array.from(
  { length: 128 },
  (_, i) => `sample-reader-${i + 1}@example.jp`,
);

/** Subscribers in every state, three issues sent, of which one waits for a decision, and one draft. Returns how many readers and mails. */
export async function insertSampleReaders(tx: Executor, random: SeededRandom, authorId: string, now: Date) {
  const listIds = new Map((await readLists(tx)).map(({ slug, id }) => [slug, id]));
  const idOf = (slug: string) => listIds.get(slug) ?? "";
  const consentTextId = await saveConsent(tx, wordsIn("ja").consents.newsletter);
  const readers = sampleReaderAddresses.map((email, i) => reader(random, i, email, now));
  await tx.insert(subscribers).values(readers.map(({ row }) => row));
  const requests = readers.flatMap((one) =>
    one.slugs.map((slug) => ({ ...subscriptionOf(one, now), listId: idOf(slug), consentTextId })),
  );
  await tx.insert(subscriptions).values(requests);
  let mails = 0;
  for (const issue of issues) {
    const common = { listId: idOf(issue.list), authorId };
    mails += await insertIssue(tx, random, issue, readers, common, now);
  }
  const draft = {
    slug: "sample-draft",
    subject: "【見本・下書き】冬の過ごし方",
    preheader: "おうちや病室での冬の過ごし方を、ご家族からうかがいました。",
    body: "## これから書きます\n\n- あたたかく過ごす\n- 友だちとつながる\n\n[ボタン: 催しを見る](/events)\n\nこの号は下書きの見本です。",
  };
  const saved = { createdAt: now, lastWriterId: authorId, savedAt: now };
  await tx.insert(newsletters).values({ ...draft, listId: idOf("news"), authorId, ...saved });
  return { subscribers: readers.length, newsletters: issues.length + 1, newsletter_mails: mails };
}

type SampleReader = ReturnType<typeof reader>;

function subscriptionOf({ row, state, since, reason }: SampleReader, now: Date) {
  const leftAt = new Date(Math.min(now.getTime() - 3_600_000, since.getTime() + 20 * 86_400_000));
  return {
    subscriberId: row.id,
    state,
    form: "/newsletter",
    requestedAt: since,
    expiresAt: new Date(since.getTime() + confirmWithin),
    confirmedAt: state === "pending" ? null : new Date(since.getTime() + 3_600_000),
    unsubscribedAt: state === "unsubscribed" ? leftAt : null,
    unsubscribeReason: reason,
  };
}

/** An issue with a mail to everybody who read its list then. Returns how many mails. */
async function insertIssue(
  tx: Executor,
  random: SeededRandom,
  { slug, subject, body, list, daysAgo, isUndecided = false }: (typeof issues)[number],
  readers: readonly SampleReader[],
  common: { listId: string; authorId: string },
  now: Date,
): Promise<number> {
  const id = newId();
  const sentAt = new Date(now.getTime() - daysAgo * 86_400_000);
  const audience = readers.filter(
    ({ state, since, slugs }) => state === "confirmed" && since < sentAt && slugs.includes(list),
  );
  const copies = audience.map(({ row }) => issueDelivery(random, id, row.id, sentAt));
  if (isUndecided) Object.assign(copies[0] ?? {}, { state: "uncertain", reply: "sender died" });
  const lastAt = Math.max(sentAt.getTime(), ...copies.map(({ finishedAt }) => finishedAt.getTime()));
  await tx.insert(newsletters).values({
    ...{ id, slug, subject, body, sentAt, audience: audience.length, ...common },
    // The newest is not over: somebody has yet to decide about one of its mails.
    state: isUndecided ? "sending" : "sent",
    finishedAt: isUndecided ? null : new Date(lastAt),
    isForWeb: true,
    webPublishedAt: sentAt,
    createdAt: new Date(sentAt.getTime() - 86_400_000),
  });
  if (copies.length > 0) await tx.insert(deliveries).values(copies);
  return copies.length;
}

function reader(random: SeededRandom, index: number, email: string, now: Date) {
  const days = random.between(1, 90);
  // Some asked this week and may still press the button in their mail.
  const since = new Date(now.getTime() - (index % 32 === 15 ? 1 + (days % 6) : days) * 86_400_000);
  const state =
    index % 16 === 15 ? ("pending" as const) : index % 21 === 20 ? ("unsubscribed" as const) : ("confirmed" as const);
  // Most read the newsletter; some want the events too, and a few professionals only what is theirs.
  const slugs = index % 10 === 2 ? ["professionals"] : index % 4 === 1 ? ["news", "events"] : ["news"];
  const reason = state === "unsubscribed" ? (reasons[Math.floor(index / 21) % reasons.length] ?? null) : null;
  return { row: { ...sealedSubscriber(email), createdAt: since }, state, since, slugs, reason };
}

function issueDelivery(random: SeededRandom, newsletterId: string, subscriberId: string, sentAt: Date) {
  const id = newId();
  const lot = random.next();
  const state = lot < 0.965 ? ("accepted" as const) : lot < 0.985 ? ("failed" as const) : ("suppressed" as const);
  return {
    id,
    kind: "newsletter" as const,
    lane: "bulk" as const,
    state,
    messageId: messageIdFor(id),
    newsletterId,
    subscriberId,
    attempts: state === "suppressed" ? 0 : 1,
    queuedAt: sentAt,
    dueAt: sentAt,
    finishedAt: new Date(sentAt.getTime() + random.between(1, 90) * 1000),
    reply: state === "accepted" ? "250" : state === "failed" ? "550 5.1.1" : null,
  };
}
