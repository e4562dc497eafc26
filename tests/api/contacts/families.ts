/** Families whose mail was refused, for the tests of correcting a contact. */

import { and, eq } from "drizzle-orm";
import { correctContact } from "#api/contacts/correct.ts";
import type { ContactForm } from "#api/contacts/forms.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { deliveries } from "#db/schema/mail.ts";
import type { DeliveryKind } from "#db/terms/mail.ts";
import { addressIndex } from "#emails/addresses.ts";
import { forgetMailCounts } from "#emails/limits.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch, defaultDelays } from "#emails/outbox/outbox.ts";
import type { Outcome } from "#emails/smtp/outcome.ts";
import { finishOne } from "../../emails/fixtures.ts";
import { receive } from "../requests.ts";

/** Whoever is responsible writes a reply, and the mail server refuses its notice; the receipt was accepted. */
export async function familyWithRefusedNotice(staff: Staff, fields: Record<string, unknown> = {}) {
  const family = await receiveMistyped(fields);
  await sendAll("accepted");
  await sendReply(staff, family.caseId, { reply: "お返事です。", latest: "", take: true });
  await sendAll("failed", "550 5.1.1");
  return family;
}

/** The receipt is refused. */
export async function familyWithRefusedReceipt(fields: Record<string, unknown> = {}) {
  const family = await receiveMistyped(fields);
  await sendAll("failed", "550 5.1.1");
  return family;
}

/** One request with a mistyped address, whose receipts the limit per address does not hold back. */
async function receiveMistyped(fields: Record<string, unknown>) {
  await forgetMailCounts(db, [addressIndex("hana@exmaple.jp")]);
  return receive({ email: "hana@exmaple.jp", reply_by: "email", name: "花", ...fields });
}

/** Sends what is queued, and writes this outcome for the mails to families; returns the addresses of those. */
export async function sendAll(state: Outcome["state"] = "accepted", reply?: string): Promise<string[]> {
  const to: string[] = [];
  for (const one of await claimBatch("transactional", 1000)) {
    const isToFamily = one.kind === "receipt" || one.kind === "reply_notice";
    const mail = isToFamily ? await compose(one) : undefined;
    const composed = typeof mail === "string" ? (mail === "held_back" ? "cancelled" : mail) : state;
    if (typeof mail === "object") to.push(...mail.to.map(({ address }) => address));
    await finishOne(one, { state: isToFamily ? composed : "accepted", reply }, { ...defaultDelays, retry: [0] });
  }
  return to;
}

export const versionOf = async (caseId: string) =>
  (await db.select({ version: cases.version }).from(cases).where(eq(cases.id, caseId)))[0]?.version ?? 0;

/** A correction by this member of staff from a page of this moment. */
export const correct = async (staff: Staff, caseId: string, change: Partial<ContactForm>) =>
  correctContact(staff, caseId, {
    ...({ email: "hana@exmaple.jp", name: "花", reply_by: "email", resend: false } as const),
    ...{ version: await versionOf(caseId), ...change },
  });

export const mailsOf = (caseId: string, kind: DeliveryKind) =>
  db
    .select({ id: deliveries.id, state: deliveries.state, resentFromId: deliveries.resentFromId })
    .from(deliveries)
    .innerJoin(consultations, eq(consultations.leadId, deliveries.leadId))
    .where(and(eq(consultations.caseId, caseId), eq(deliveries.kind, kind)))
    .orderBy(deliveries.id);
