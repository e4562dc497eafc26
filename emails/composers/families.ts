/** Mails to a family that asked for help, in the language of their form. */

import { eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { bouncesSql } from "#emails/audience.ts";
import { familyAddress } from "#emails/recipients.ts";
import { receiptMail } from "#emails/templates/receipt.ts";
import { replyNoticeMail } from "#emails/templates/reply-notice.ts";
import { type Composer, required } from "./composed.ts";

export const composeReceipt: Composer = async ({ leadId }) => {
  const family = await findFamily(leadId);
  return typeof family === "string" ? family : { to: [family.address], content: await receiptMail(family) };
};

export const composeReplyNotice: Composer = async ({ leadId }) => {
  const family = await findFamily(leadId);
  return typeof family === "string" ? family : { to: [family.address], content: await replyNoticeMail(family) };
};

/** What a mail to a family needs, or why there must be none. */
async function findFamily(leadId: string | null | undefined) {
  const [row] = await db
    .select({
      consultationId: consultations.id,
      caseId: consultations.caseId,
      reference: leads.reference,
      locale: leads.locale,
      channel: leads.channel,
      replyByDate: consultations.replyByDate,
      contact: consultations.contact,
      wrappedKey: cases.wrappedKey,
      isSuppressed: bouncesSql(consultations.emailIndex),
    })
    .from(consultations)
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .innerJoin(cases, eq(cases.id, consultations.caseId))
    .where(eq(consultations.leadId, required(leadId)));
  if (!row) return "cancelled" as const;
  if (row.isSuppressed) return "suppressed" as const;
  const address = familyAddress(row);
  if (!address) return "cancelled" as const;
  const { reference, locale, replyByDate, channel } = row;
  const isSpoken = channel === "phone" || channel === "visit";
  return { address, reference: reference ?? "", locale, replyByDate, isSpoken };
}
