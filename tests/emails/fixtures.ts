/** Hand-made rows for the mail tests: a family that wrote, a reader, a colleague. */

import { and, eq } from "drizzle-orm";
import type { Staff } from "#db/actor.ts";
import { db, transaction } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { downloadGrants, guides, guideVersions } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import {
  consentTexts,
  deliveries,
  lists,
  newsletters,
  subscribers,
  subscriptions,
  suppressions,
} from "#db/schema/mail.ts";
import { invitations, staff } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import { hashToken, tokenForId } from "#db/vault/tokens.ts";
import { newDataKey, seal } from "#db/vault/vault.ts";
import { addressIndex } from "#emails/addresses.ts";
import { sendNewsletterCommand } from "#emails/newsletters/send.ts";
import { advanceNewsletters } from "#emails/outbox/advance-newsletters.ts";
import { type Claimed, type Delays, enqueue } from "#emails/outbox/outbox.ts";
import { finish } from "#emails/outbox/outcomes.ts";
import type { Outcome } from "#emails/smtp/outcome.ts";

/** Stands in every sealed text of these tests and must never leave in a mail. */
export const canary = "かなりあ9f3c";

/** A consultation with everything sealed, as the intake writes it. */
export async function makeConsultation(email: string | null, replyByDate = "2026-11-26") {
  const [leadId, caseId, consultationId] = [newId(), newId(), newId()];
  const { key, wrapped } = newDataKey("cases.wrapped_key", caseId);
  const reference = `K-${leadId.slice(-6).toUpperCase()}`;
  const contact = { name: `${canary} 花子`, ...(email !== null && { email }), phone: "086-000-0000" };
  await db.insert(leads).values({ id: leadId, kind: "consultation", channel: "form", reference });
  await db.insert(cases).values({ id: caseId, wrappedKey: wrapped });
  await db.insert(consultations).values({
    id: consultationId,
    leadId,
    caseId,
    replyBy: "email",
    replyByDate,
    contact: seal(key, JSON.stringify(contact), "consultations.contact", consultationId),
    message: seal(key, `${canary} 夜、眠れません。`, "consultations.message", consultationId),
    emailIndex: email === null ? null : addressIndex(email),
    consent: "同意します",
  });
  return { leadId, caseId, reference };
}

/** A guide and the grant that opens it. */
export async function makeGrant(email: string) {
  const [leadId, grantId] = [newId(), newId()];
  const { key, wrapped } = newDataKey("download_grants.wrapped_key", grantId);
  await db.insert(guides).values({ slug: "school", title: "学校と病気" }).onConflictDoNothing();
  await db
    .insert(guideVersions)
    .values({ guideSlug: "school", version: 1, fileName: "学校.pdf", storedAs: "x", bytes: 1 })
    .onConflictDoNothing();
  await db.insert(leads).values({ id: leadId, kind: "download", channel: "form" });
  await db.insert(downloadGrants).values({
    id: grantId,
    leadId,
    guideSlug: "school",
    tokenHash: hashToken(tokenForId("download", grantId)),
    wrappedKey: wrapped,
    email: seal(key, email, "download_grants.email", grantId),
    emailIndex: addressIndex(email),
    expiresAt: new Date("2026-12-04T03:00:00Z"),
  });
  return { leadId, grantId };
}

export async function listNamed(slug: string): Promise<string> {
  const [list] = await db.select().from(lists).where(eq(lists.slug, slug));
  if (!list) throw new Error("the migrations make the lists");
  return list.id;
}

/** A reader of one list. */
export async function makeSubscriber(
  email: string,
  state: "pending" | "confirmed" | "unsubscribed" = "confirmed",
  list = "news",
) {
  const [subscriberId, subscriptionId] = [newId(), newId()];
  const { key, wrapped } = newDataKey("subscribers.wrapped_key", subscriberId);
  await db.insert(consentTexts).values({ body: "メールマガジンを受け取ります" }).onConflictDoNothing();
  const [consent] = await db.select().from(consentTexts);
  await db.insert(subscribers).values({
    id: subscriberId,
    wrappedKey: wrapped,
    email: seal(key, email, "subscribers.email", subscriberId),
    emailIndex: addressIndex(email),
  });
  await db.insert(subscriptions).values({
    id: subscriptionId,
    subscriberId,
    listId: await listNamed(list),
    state,
    consentTextId: consent?.id ?? "",
    form: "/newsletter",
    expiresAt: new Date("2026-12-04T03:00:00Z"),
    confirmedAt: state === "confirmed" ? new Date() : null,
  });
  return { subscriberId, subscriptionId };
}

export async function makeStaff(role: Role = "manager", email = `${newId()}@example.jp`): Promise<Staff> {
  const person = { id: newId(), name: "見本 職員", email, role };
  await db.insert(staff).values(person);
  return person;
}

export async function makeInvitation(email: string) {
  const id = newId();
  const tokenHash = hashToken(tokenForId("invitation", id));
  await db
    .insert(invitations)
    .values({ id, email, role: "coordinator", tokenHash, expiresAt: new Date("2026-12-04T03:00:00Z") });
  return id;
}

export async function makeIssue(
  author: Staff,
  subject = "秋のたより",
  body = "# こんにちは\n\n講演会の**お知らせ**です。",
) {
  const id = newId();
  await db
    .insert(newsletters)
    .values({ id, listId: await listNamed("news"), slug: `i-${id}`, subject, body, authorId: author.id });
  return id;
}

/** Sends an issue as the command does, as if a mail server had accepted every mail of it by now: it is over, and on the web. */
export async function sendAndDeliver(id: string): Promise<void> {
  await sendNewsletterCommand(id);
  await db
    .update(deliveries)
    .set({ state: "accepted", attempts: 1, finishedAt: new Date(), reply: "250" })
    .where(and(eq(deliveries.newsletterId, id), eq(deliveries.kind, "newsletter")));
  await advanceNewsletters();
}

/** Queues one message in a transaction of its own; returns its id. */
export const enqueueNow = (message: Parameters<typeof enqueue>[1]): Promise<string> =>
  transaction((tx) => enqueue(tx, message));

/** Queues one receipt for each of `count` families, family0@example.jp and so on; returns the deliveries' ids. */
export async function queueReceipts(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const { leadId } = await makeConsultation(`family${i}@example.jp`);
    ids.push(await enqueueNow({ kind: "receipt", leadId }));
  }
  return ids;
}

/** Empties everything about readers: subscriptions, issues, deliveries, suppressions. */
export async function deleteReaders() {
  await db.delete(deliveries);
  await db.delete(newsletters);
  await db.delete(subscriptions);
  await db.delete(subscribers);
  await db.delete(suppressions);
}

/** Writes how the attempt of one message ended. */
export const finishOne = (delivery: Claimed, outcome: Outcome, delays?: Delays, now?: Date): Promise<void> =>
  finish([{ delivery, outcome }], delays, now);
