/**
 * Turns a claimed delivery into a message at the moment of sending. The address is unsealed only now,
 * and only now is it asked whether the person may still be written to: much may have changed since the
 * delivery was queued.
 */

import { NotFound } from "#db/errors.ts";
import { normaliseAddress } from "#db/formats/mail-address.ts";
import type { DeliveryKind } from "#db/terms/mail.ts";
import type { Composer, NotSent } from "#emails/composers/composed.ts";
import { composeReceipt, composeReplyNotice } from "#emails/composers/families.ts";
import { composeGuideLink } from "#emails/composers/guides.ts";
import { composeConfirmation, composeNewsletter } from "#emails/composers/readers.ts";
import {
  composeApprovalAnswer,
  composeBackupsLate,
  composeConsentsEnding,
  composeInvitation,
  composeMonthlySummary,
  composeNewsletterTest,
  composePersonalNotice,
  composeSignInNotice,
  composeStaffNotice,
} from "#emails/composers/staff.ts";
import { isHeldBack } from "#emails/held-back.ts";
import type { OutgoingMail } from "#emails/smtp/mailer.ts";
import type { Claimed } from "./outbox.ts";

/** Every kind of delivery has its composer; the compiler refuses a kind without one. */
const composers: Record<DeliveryKind, Composer> = {
  receipt: composeReceipt,
  reply_notice: composeReplyNotice,
  staff_notice: composeStaffNotice,
  guide_link: composeGuideLink,
  confirmation: composeConfirmation,
  newsletter: composeNewsletter,
  newsletter_test: composeNewsletterTest,
  invitation: composeInvitation,
  sign_in_notice: composeSignInNotice,
  personal_notice: composePersonalNotice,
  monthly_summary: composeMonthlySummary,
  approval_answer: composeApprovalAnswer,
  consents_ending: composeConsentsEnding,
  backups_late: composeBackupsLate,
};

/** The message with its addresses, or why there is none (`held_back`: emails/held-back.ts). Throws when the database is lost or a text does not open. */
export async function compose(delivery: Claimed): Promise<OutgoingMail | NotSent | "held_back"> {
  try {
    const composed = await composers[delivery.kind](delivery);
    if (typeof composed === "string") return composed;
    if (composed.to.length === 0) return "cancelled";
    if (await isHeldBack(delivery.kind, composed.to)) return "held_back";
    const to = composed.to.map((address) => ({ name: "", address: normaliseAddress(address) }));
    const { content, copy } = composed;
    const mail = { deliveryId: delivery.id, messageId: delivery.messageId, to };
    // Not spread: the parts of a copy are made only when they are asked for.
    return copy === undefined ? { ...content, ...mail } : Object.assign(content, mail, { copy });
  } catch (error) {
    if (error instanceof NotFound) return "cancelled"; // the key was erased, and the address with it
    throw error;
  }
}
