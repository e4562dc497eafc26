/** One reader as staff see them: what they get, on what consent, every message and what became of it. */

import { and, asc, desc, eq, inArray, or } from "drizzle-orm";
import { audit, type Staff } from "#db/actor.ts";
import { readAudit } from "#db/audit-trail.ts";
import { type Executor, transaction } from "#db/client.ts";
import { readableAddress } from "#db/formats/mail-address.ts";
import {
  consentTexts,
  deliveries,
  lists,
  newsletters,
  type subscribers,
  subscriptions,
  suppressions,
} from "#db/schema/mail.ts";
import { auditEvents, staff as people } from "#db/schema/staff.ts";
import type { ListState } from "#db/terms/mail.ts";
import { nextConfirmation } from "#emails/lists/confirmation-mail.ts";
import { ownAddress } from "#emails/recipients.ts";
import { lockReader } from "./find.ts";

type Message = Pick<
  typeof deliveries.$inferSelect,
  "id" | "kind" | "state" | "queuedAt" | "finishedAt" | "attempts" | "repeated" | "reply"
>;

export interface ReaderView {
  id: string;
  /** As people read it. */
  address: string;
  locale: (typeof subscribers.$inferSelect)["locale"];
  since: Date;
  /** Nothing goes to this address until the person confirms anew, or at all; whose wish or fault it was is not said, since a mail of another kind may have come back. */
  isSuppressed: boolean;
  /** In the order of the lists, those only that were ever asked for. */
  lists: {
    slug: string;
    name: string;
    state: ListState;
    requestedAt: Date;
    confirmedAt: Date | null;
    leftAt: Date | null;
    reason: (typeof subscriptions.$inferSelect)["unsubscribeReason"];
    /** Proof of consent: the exact words, and the path of the form. */
    consent: string;
    form: string;
  }[];
  /** When the link that confirms can be mailed again, "now" or later; undefined when nothing waits. */
  confirmationFrom: Date | "now" | undefined;
  /** A mail with that link goes out by itself at `confirmationFrom`. */
  isConfirmationPlanned: boolean;
  /** Newest first. `isToFormer`: it went to an address that was corrected since. `subject`: of an issue. */
  messages: (Message & { subject: string | null; isToFormer: boolean })[];
  /** What staff did to this reader, newest first. `list`: what they stopped, by name; null for all other things. */
  history: { at: Date; by: string; action: string; list: string | null }[];
}

/** Looking is audited. Throws Forbidden, NotFound for an unknown or erased reader. */
export async function viewReader(staff: Staff, id: string, now = new Date()): Promise<ReaderView> {
  return transaction(async (tx) => {
    const row = await lockReader(tx, staff, id);
    await audit(tx, staff, "view", "subscriber", id);
    const former = await formerIds(tx, id);
    const asked = await subscriptionsOf(tx, id);
    const isSuppressed = await hasSuppression(tx, row.emailIndex);
    const { dueAt, isPlanned } = nextConfirmation(row.confirmationMailAt, now);
    const waits = asked.some(({ state }) => state === "pending");
    return {
      id,
      address: readableAddress(ownAddress("subscribers", row)),
      locale: row.locale,
      since: row.createdAt,
      isSuppressed,
      lists: asked.map(({ id: _id, expiresAt, state, ...list }) => ({
        ...list,
        state: stateOf({ state, expiresAt, isSuppressed }, now),
      })),
      confirmationFrom: waits ? (dueAt > now ? dueAt : ("now" as const)) : undefined,
      isConfirmationPlanned: isPlanned,
      messages: await messagesOf(tx, id, former),
      history: await historyOf(tx, [id, ...former]),
    };
  });
}

function stateOf(
  of: Pick<typeof subscriptions.$inferSelect, "state" | "expiresAt"> & { isSuppressed: boolean },
  now: Date,
): ListState {
  if (of.state === "confirmed") return of.isSuppressed ? "held" : "reading";
  if (of.state === "unsubscribed") return "left";
  return of.expiresAt > now ? "waiting" : "lapsed";
}

const subscriptionsOf = (tx: Executor, id: string) =>
  tx
    .select({
      id: subscriptions.id,
      slug: lists.slug,
      name: lists.name,
      state: subscriptions.state,
      requestedAt: subscriptions.requestedAt,
      expiresAt: subscriptions.expiresAt,
      confirmedAt: subscriptions.confirmedAt,
      leftAt: subscriptions.unsubscribedAt,
      reason: subscriptions.unsubscribeReason,
      consent: consentTexts.body,
      form: subscriptions.form,
    })
    .from(subscriptions)
    .innerJoin(lists, eq(lists.id, subscriptions.listId))
    .innerJoin(consentTexts, eq(consentTexts.id, subscriptions.consentTextId))
    .where(eq(subscriptions.subscriberId, id))
    .orderBy(asc(lists.position), asc(lists.slug));

async function hasSuppression(tx: Executor, emailIndex: Buffer | null): Promise<boolean> {
  if (emailIndex === null) return false;
  const rows = await tx
    .select({ reason: suppressions.reason })
    .from(suppressions)
    .where(eq(suppressions.emailIndex, emailIndex));
  return rows.length > 0;
}

/** The ids under which this person stood before their address was corrected, newest first. */
async function formerIds(tx: Executor, id: string): Promise<string[]> {
  const corrections = await readAudit(tx, { noun: "subscriber", nounId: id, action: "correct_address" });
  const before = corrections.map(({ detail }) => detail["was"]).find((was) => typeof was === "string");
  return before === undefined ? [] : [before, ...(await formerIds(tx, before))];
}

async function messagesOf(tx: Executor, id: string, former: readonly string[]): Promise<ReaderView["messages"]> {
  const rows = await tx
    .select({
      subscriberId: deliveries.subscriberId,
      subject: newsletters.subject,
      id: deliveries.id,
      kind: deliveries.kind,
      state: deliveries.state,
      queuedAt: deliveries.queuedAt,
      finishedAt: deliveries.finishedAt,
      attempts: deliveries.attempts,
      repeated: deliveries.repeated,
      reply: deliveries.reply,
    })
    .from(deliveries)
    .leftJoin(newsletters, eq(newsletters.id, deliveries.newsletterId))
    .where(inArray(deliveries.subscriberId, [id, ...former]))
    .orderBy(desc(deliveries.id));
  return rows.map(({ subscriberId, ...message }) => ({ ...message, isToFormer: subscriberId !== id }));
}

/** Of the trail, what changed something. */
const changes = ["correct_address", "resend_confirmation", "suppress"] as const;

async function historyOf(tx: Executor, ids: readonly string[]): Promise<ReaderView["history"]> {
  const asked = await Promise.all(ids.map((id) => subscriptionsOf(tx, id)));
  const names = new Map(asked.flat().map(({ id, name }) => [id, name]));
  const rows = await tx
    .select({ at: auditEvents.at, by: people.name, action: auditEvents.action, nounId: auditEvents.nounId })
    .from(auditEvents)
    .innerJoin(people, eq(people.id, auditEvents.staffId))
    .where(
      or(
        and(
          eq(auditEvents.noun, "subscriber"),
          inArray(auditEvents.nounId, [...ids]),
          inArray(auditEvents.action, [...changes]),
        ),
        and(
          eq(auditEvents.noun, "subscription"),
          inArray(auditEvents.nounId, [...names.keys()]),
          eq(auditEvents.action, "unsubscribe"),
        ),
      ),
    )
    .orderBy(desc(auditEvents.id));
  return rows.map(({ nounId, ...line }) => ({ ...line, list: names.get(nounId ?? "") ?? null }));
}
