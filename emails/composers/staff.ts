/** Mails to staff. They say that something came and where to read it, never what it says. */

import { and, asc, eq, getTableColumns, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { lists, newsletters, newsletterTests } from "#db/schema/mail.ts";
import { messages } from "#db/schema/messages.ts";
import { staffNotices } from "#db/schema/notices.ts";
import { invitations, staff } from "#db/schema/staff.ts";
import { summaryMails, summaryReaders } from "#db/schema/summaries.ts";
import { settings } from "#db/settings/settings.ts";
import { codes } from "#db/terms/codes.ts";
import { contentRoles } from "#db/terms/content.ts";
import { noticeKind } from "#db/terms/notices.ts";
import type { Role } from "#db/terms/staff.ts";
import { summaryRoles } from "#db/terms/summaries.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { readMaterial } from "#emails/markdown/material.ts";
import { invitationMail } from "#emails/templates/invitation.ts";
import type { MailContent } from "#emails/templates/mail-content.ts";
import { monthlySummaryMail } from "#emails/templates/monthly-summary.ts";
import { newsletterTestMail } from "#emails/templates/newsletter.ts";
import { personalNoticeMail } from "#emails/templates/personal-notice.ts";
import { signInNoticeMail } from "#emails/templates/sign-in-notice.ts";
import {
  additionNoticeMail,
  approvalAnswerMail,
  backupsLateMail,
  consentsEndingMail,
  staffNoticeMail,
} from "#emails/templates/staff-notice.ts";
import { type Composed, type Composer, type NotSent, required } from "./composed.ts";

/** Who hears that something came: those whom the settings name or, while they name nobody, every manager. */
async function noticeReceivers(): Promise<string[]> {
  const { notify } = settings().values;
  if (notify.length > 0) return notify;
  const isManager = and(eq(staff.role, "manager"), isNull(staff.disabledAt));
  return (await db.select({ email: staff.email }).from(staff).where(isManager)).map(({ email }) => email);
}

/** To those who get notices: a new consultation, or what a family added to one when the delivery names a message. */
export const composeStaffNotice: Composer = async ({ leadId, aboutMessageId }) => {
  if (aboutMessageId) return composeAdditionNotice(aboutMessageId);
  const [row] = await db
    .select({
      caseId: consultations.caseId,
      replyBy: consultations.replyBy,
      replyByDate: consultations.replyByDate,
    })
    .from(consultations)
    .where(eq(consultations.leadId, required(leadId)));
  return row ? { to: await noticeReceivers(), content: await staffNoticeMail(row) } : "cancelled";
};

async function composeAdditionNotice(messageId: string): Promise<Composed | NotSent> {
  const [row] = await db
    .select({ caseId: messages.caseId, replyByDate: messages.replyByDate })
    .from(messages)
    .where(eq(messages.id, messageId));
  return row ? { to: await noticeReceivers(), content: await additionNoticeMail(row) } : "cancelled";
}

/** An issue, as it was when they asked, to the member of staff who wants to see it first. */
export const composeNewsletterTest: Composer = async ({ id, newsletterId, staffId }) => {
  const [row] = await db
    .select({
      issue: getTableColumns(newsletters),
      asked: getTableColumns(newsletterTests),
      list: { name: lists.name, replyTo: lists.replyTo },
      email: staff.email,
    })
    .from(newsletters)
    // Those that were queued before their text was kept show what is saved.
    .leftJoin(newsletterTests, eq(newsletterTests.deliveryId, id))
    .innerJoin(lists, eq(lists.id, sql`coalesce(${newsletterTests.listId}, ${newsletters.listId})`))
    .innerJoin(staff, and(eq(staff.id, required(staffId)), isNull(staff.disabledAt)))
    .where(eq(newsletters.id, required(newsletterId)));
  if (!row) return "cancelled";
  const { list, email } = row;
  const issue = row.asked ?? row.issue;
  return {
    to: [email],
    content: await newsletterTestMail({ ...issue, list, material: await readMaterial(issue.body) }),
  };
};

export const composeInvitation: Composer = async ({ invitationId }) => {
  const [row] = await db
    .select()
    .from(invitations)
    .where(eq(invitations.id, required(invitationId)));
  if (!row?.email || row.acceptedAt || row.endedAt) return "cancelled";
  return { to: [row.email], content: await invitationMail({ ...row, token: tokenForId("invitation", row.id) }) };
};

/** To the person whose account it is, and to every other manager who has one. */
export const composeSignInNotice: Composer = async ({ id, staffId }) => {
  const row = await findFailedSignIns(id, required(staffId));
  return row ? { to: [row.email, ...row.managers], content: await signInNoticeMail(row) } : "cancelled";
};

/** How often signing in to an account failed in the 24 hours before the notice was queued, and the managers' addresses. */
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

/** To one member of staff: what was gathered for them in this mail. Families erased since are left out. */
export const composePersonalNotice: Composer = async ({ id, staffId }) => {
  const rows = await db
    .select({ kind: staffNotices.kind, caseId: staffNotices.caseId, email: staff.email })
    .from(staffNotices)
    .innerJoin(staff, and(eq(staff.id, staffNotices.staffId), isNull(staff.disabledAt)))
    .innerJoin(cases, and(eq(cases.id, staffNotices.caseId), isNotNull(cases.wrappedKey)))
    .where(and(eq(staffNotices.deliveryId, id), eq(staffNotices.staffId, required(staffId))))
    .orderBy(asc(staffNotices.noticedAt), asc(staffNotices.id));
  const [first] = rows;
  if (first === undefined) return "cancelled";
  const of = codes(noticeKind).map((kind) => ({
    kind,
    caseIds: [...new Set(rows.filter((row) => row.kind === kind).map(({ caseId }) => caseId))],
  }));
  return { to: [first.email], content: await personalNoticeMail(of) };
};

/** To one member of staff who wants it still, and may see it still. */
export const composeMonthlySummary: Composer = async ({ id, staffId }) => {
  const [row] = await db
    .select({ month: summaryMails.month, figures: summaryMails.figures, email: staff.email })
    .from(summaryMails)
    .innerJoin(summaryReaders, eq(summaryReaders.staffId, summaryMails.staffId))
    .innerJoin(
      staff,
      and(eq(staff.id, summaryMails.staffId), isNull(staff.disabledAt), inArray(staff.role, summaryRoles)),
    )
    .where(and(eq(summaryMails.deliveryId, id), eq(summaryMails.staffId, required(staffId))));
  return row ? { to: [row.email], content: await monthlySummaryMail(row) } : "cancelled";
};

/** A mail that says the same to everybody, to one member of staff who has one of these roles still. */
const toOneOf =
  (roles: readonly Role[], content: () => Promise<MailContent>): Composer =>
  async ({ staffId }) => {
    const isOneStill = and(eq(staff.id, required(staffId)), isNull(staff.disabledAt), inArray(staff.role, [...roles]));
    const [row] = await db.select({ email: staff.email }).from(staff).where(isOneStill);
    return row ? { to: [row.email], content: await content() } : "cancelled";
  };

export const composeApprovalAnswer = toOneOf(contentRoles, approvalAnswerMail);
export const composeConsentsEnding = toOneOf(contentRoles, consentsEndingMail);
export const composeBackupsLate = toOneOf(["manager"], backupsLateMail);
