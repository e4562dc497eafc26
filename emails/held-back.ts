/**
 * While the site is not real yet, mail leaves the machine for staff alone: whoever tries the form with an address of
 * somebody else must not frighten them with a mail of an invented organisation. Files in the outbox, and a mail server on
 * this machine, take every mail.
 */

import { and, inArray, isNull, sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { env, isLoopback } from "#db/env.ts";
import { normaliseAddress } from "#db/formats/mail-address.ts";
import { staff } from "#db/schema/staff.ts";
import { settings } from "#db/settings/settings.ts";
import type { DeliveryKind } from "#db/terms/mail.ts";

/** In the ledger: why a mail that was held back is cancelled. */
export const heldBackReason = "held back: this site is not real yet";

/** Mails to families and readers; all others go to people who work here, or were invited to. */
const goesOutside: Record<DeliveryKind, boolean> = {
  receipt: true,
  staff_notice: false,
  reply_notice: true,
  guide_link: true,
  confirmation: true,
  newsletter: true,
  newsletter_test: false,
  invitation: false,
  sign_in_notice: false,
  personal_notice: false,
  monthly_summary: false,
  approval_answer: false,
  consents_ending: false,
  backups_late: false,
};

const leavesTheMachine = (): boolean => env.SMTP_URL !== undefined && !isLoopback(env.SMTP_URL);

/** Whether mail to people outside is held back now. `leaves`: whether mail leaves this machine. */
export const isHoldingBack = (leaves = leavesTheMachine()): boolean => leaves && settings().stage !== "real";

/** Whether a mail of this kind to these addresses is held back now. */
export async function isHeldBack(kind: DeliveryKind, to: readonly string[], leaves?: boolean): Promise<boolean> {
  if (!isHoldingBack(leaves) || !goesOutside[kind]) return false;
  const addresses = [...new Set(to.map((address) => normaliseAddress(address).toLowerCase()))];
  const isOfStaff = and(inArray(sql`lower(${staff.email})`, addresses), isNull(staff.disabledAt));
  return (await db.$count(staff, isOfStaff)) < addresses.length;
}
