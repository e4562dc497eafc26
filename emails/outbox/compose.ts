/**
 * Turns a claimed delivery into a message. The address is opened here, at the moment of sending, and
 * here it is asked once more whether the person may still be written to.
 */

import { and, desc, eq, sql, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { NotFound } from "#db/errors.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { lists, newsletters, subscribers, subscriptions } from "#db/schema/mail.ts";
import { messages } from "#db/schema/messages.ts";
import { invitations, staff } from "#db/schema/staff.ts";
import type { DeliveryKind } from "#db/terms/mail.ts";
import { tokenForId } from "#db/vault/vault.ts";
import { normaliseAddress } from "#emails/addresses.ts";
import { confirmationMail } from "#emails/templates/confirmation.ts";
import { guideLinkMail } from "#emails/templates/guide-link.ts";
import { invitationMail } from "#emails/templates/invitation.ts";
import type { MailContent } from "#emails/templates/mail-content.ts";
import { newsletterMail, newsletterTestMail } from "#emails/templates/newsletter.ts";
import { receiptMail } from "#emails/templates/receipt.ts";
import { replyNoticeMail } from "#emails/templates/reply-notice.ts";
import { signInNotice } from "#emails/templates/sign-in-notice.ts";
import { additionNoticeMail, staffNoticeMail } from "#emails/templates/staff-notice.ts";
import type { OutgoingMail } from "./mailer.ts";
import type { Claimed } from "./outbox.ts";
import { familyAddress, ownAddress } from "./recipients.ts";

type Reason = "suppressed" | "cancelled";
interface Addressed {
  to: string[];
  letter: MailContent;
}

/**
 * The message, or why there is none: `suppressed`, the address must not be written to; `cancelled`,
 * there is nobody left to write to (erased, unsubscribed, disabled).
 */
export async function compose(delivery: Claimed): Promise<OutgoingMail | Reason> {
  try {
    const composed = await composers[delivery.kind](delivery);
    if (typeof composed === "string") return composed;
    if (composed.to.length === 0) return "cancelled";
    const to = composed.to.map((address) => ({ name: "", address: normaliseAddress(address) }));
    return { deliveryId: delivery.id, messageId: delivery.messageId, to, ...composed.letter };
  } catch (error) {
    if (error instanceof NotFound) return "cancelled"; // the key was erased, and the address with it
    throw error;
  }
}

const composers: Record<DeliveryKind, (delivery: Claimed) => Promise<Addressed | Reason>> = {
  receipt: async ({ leadId }) => {
    const row = await findFamily(leadId);
    if (typeof row === "string") return row;
    return { to: [row.address], letter: await receiptMail(row) };
  },

  staff_notice: async ({ leadId, aboutMessageId }) => {
    if (aboutMessageId) return additionNoticeOf(aboutMessageId);
    const [row] = await db
      .select({
        caseId: consultations.caseId,
        replyBy: consultations.replyBy,
        replyByDate: consultations.replyByDate,
      })
      .from(consultations)
      .where(eq(consultations.leadId, required(leadId)));
    return row ? { to: env.STAFF_NOTIFY, letter: await staffNoticeMail(row) } : "cancelled";
  },

  reply_notice: async ({ leadId }) => {
    const row = await findFamily(leadId);
    if (typeof row === "string") return row;
    return { to: [row.address], letter: await replyNoticeMail(row) };
  },

  guide_link: async ({ grantId }) => {
    const [row] = await db
      .select({
        id: downloadGrants.id,
        wrappedKey: downloadGrants.wrappedKey,
        email: downloadGrants.email,
        expiresAt: downloadGrants.expiresAt,
        title: guides.title,
        withdrawnAt: guides.withdrawnAt,
        isSuppressed: barred(downloadGrants.emailIndex, "bounce"),
      })
      .from(downloadGrants)
      .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
      .where(eq(downloadGrants.id, required(grantId)));
    if (!row?.email || row.withdrawnAt) return "cancelled";
    if (row.isSuppressed) return "suppressed";
    const address = ownAddress("download_grants", row);
    return { to: [address], letter: await guideLinkMail({ ...row, token: tokenForId("download", row.id) }) };
  },

  confirmation: async ({ subscriberId }) => {
    const rows = await findSubscriptions(
      and(eq(subscribers.id, required(subscriberId)), eq(subscriptions.state, "pending")),
      "bounce",
    );
    const [row] = rows;
    if (!row) return "cancelled";
    if (row.barred) return "suppressed";
    // One link for all that waits; what had lapsed before the latest request waits no more.
    const waiting = rows.filter(({ expiresAt }) => expiresAt > row.requestedAt);
    const letter = await confirmationMail({
      token: tokenForId("confirm", row.subscriptionId),
      lists: waiting.toSorted((a, b) => a.position - b.position).map(({ name }) => name),
      expiresAt: new Date(Math.min(...waiting.map(({ expiresAt }) => expiresAt.getTime()))),
    });
    return { to: [ownAddress("subscribers", row)], letter };
  },

  newsletter: async ({ subscriberId, newsletterId }) => {
    const [issue] = await db
      .select()
      .from(newsletters)
      .where(eq(newsletters.id, required(newsletterId)));
    if (!issue) return "cancelled";
    const [row] = await findSubscriptions(
      and(
        eq(subscribers.id, required(subscriberId)),
        eq(subscriptions.listId, issue.listId),
        eq(subscriptions.state, "confirmed"),
      ),
    );
    if (!row) return "cancelled";
    if (row.barred) return "suppressed";
    const letter = await newsletterMail({
      ...issue,
      list: row,
      wayOut: tokenForId("unsubscribe", row.id),
      preferences: tokenForId("preferences", row.id),
    });
    return { to: [ownAddress("subscribers", row)], letter };
  },

  newsletter_test: async ({ newsletterId, staffId }) => {
    const [row] = await db
      .select({ subject: newsletters.subject, body: newsletters.body, list: { name: lists.name }, email: staff.email })
      .from(newsletters)
      .innerJoin(lists, eq(lists.id, newsletters.listId))
      .innerJoin(staff, and(eq(staff.id, required(staffId)), sql`${staff.disabledAt} is null`))
      .where(eq(newsletters.id, required(newsletterId)));
    return row ? { to: [row.email], letter: await newsletterTestMail(row) } : "cancelled";
  },

  invitation: async ({ invitationId }) => {
    const [row] = await db
      .select()
      .from(invitations)
      .where(eq(invitations.id, required(invitationId)));
    if (!row?.email || row.acceptedAt || row.endedAt) return "cancelled";
    return { to: [row.email], letter: await invitationMail({ ...row, token: tokenForId("invitation", row.id) }) };
  },

  sign_in_notice: async ({ id, staffId }) => {
    const row = await findFailedSignIns(id, required(staffId));
    return row ? { to: [row.email, ...row.managers], letter: await signInNotice(row) } : "cancelled";
  },
};

/** What a mail to a family needs, or why there must be none. */
async function findFamily(leadId: string | null | undefined) {
  const [row] = await db
    .select({
      consultationId: consultations.id,
      caseId: consultations.caseId,
      reference: leads.reference,
      locale: leads.locale,
      replyByDate: consultations.replyByDate,
      contact: consultations.contact,
      wrappedKey: cases.wrappedKey,
      barred: barred(consultations.emailIndex, "bounce"),
    })
    .from(consultations)
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .innerJoin(cases, eq(cases.id, consultations.caseId))
    .where(eq(consultations.leadId, required(leadId)));
  if (!row) return "cancelled" as const;
  if (row.barred) return "suppressed" as const;
  const address = familyAddress(row);
  if (!address) return "cancelled" as const;
  const { reference, locale, replyByDate } = row;
  return { address, reference: reference ?? "", locale, replyByDate };
}

/** How often signing in to an account failed in the day before the notice was queued, and which managers hear of it. */
async function findFailedSignIns(deliveryId: string, staffId: string) {
  const [row] = await db.execute<{ name: string; email: string; failures: number; managers: string[] }>(sql`
    select s.name, s.email,
      (select coalesce(sum(r.count), 0)::int from staff_refusals r
        where r.staff_id = s.id and r.kind in ('sign_in_failed', 'code_failed')
          and r.hour > d.queued_at - interval '1 day') as failures,
      array(select m.email from staff m where m.role = 'manager' and m.disabled_at is null and m.id <> s.id
        and exists (select 1 from staff_accounts a where a.user_id = m.id) order by m.email) as managers
    from staff s, deliveries d
    where s.id = ${staffId} and s.disabled_at is null and d.id = ${deliveryId}`);
  return row;
}

async function additionNoticeOf(messageId: string): Promise<Addressed | Reason> {
  const [row] = await db
    .select({ caseId: messages.caseId, replyByDate: messages.replyByDate })
    .from(messages)
    .where(eq(messages.id, messageId));
  return row ? { to: env.STAFF_NOTIFY, letter: await additionNoticeMail(row) } : "cancelled";
}

/** Whether the address stands among the suppressions, at this very moment. */
function barred(index: PgColumn, reason?: "bounce"): SQL<boolean> {
  const only = reason === undefined ? sql`true` : sql`s.reason = ${reason}`;
  return sql<boolean>`exists (select 1 from suppressions s where s.email_index = ${index} and ${only})`;
}

/** Latest request first. */
async function findSubscriptions(where: SQL | undefined, reason?: "bounce") {
  return db
    .select({
      id: subscribers.id,
      subscriptionId: subscriptions.id,
      requestedAt: subscriptions.requestedAt,
      expiresAt: subscriptions.expiresAt,
      slug: lists.slug,
      name: lists.name,
      position: lists.position,
      wrappedKey: subscribers.wrappedKey,
      email: subscribers.email,
      barred: barred(subscribers.emailIndex, reason),
    })
    .from(subscriptions)
    .innerJoin(subscribers, eq(subscribers.id, subscriptions.subscriberId))
    .innerJoin(lists, eq(lists.id, subscriptions.listId))
    .where(where)
    .orderBy(desc(subscriptions.requestedAt), desc(subscriptions.id));
}

/** A delivery without what its kind is about cannot be composed, now or later. */
function required(id: string | null | undefined): string {
  if (id === null || id === undefined) throw new NotFound("a delivery without its subject");
  return id;
}
