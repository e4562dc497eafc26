/** The mail ledger as staff see it: what was sent, to whom (masked), and what became of it. */

import { and, desc, eq, inArray, isNotNull, lt, not, type SQL, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Executor, transaction } from "#db/client.ts";
import { firstOrNotFound, Forbidden, NotFound, Refused } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { downloadGrants } from "#db/schema/guides.ts";
import { deliveries, isNotSentAgain, newsletters, subscribers } from "#db/schema/mail.ts";
import { invitations, staff as people } from "#db/schema/staff.ts";
import { settings } from "#db/settings/settings.ts";
import { codes } from "#db/terms/codes.ts";
import { type DeliveryKind, deliveryKind, type DeliveryState, isToFamily } from "#db/terms/mail.ts";
import { maskAddress } from "#emails/addresses.ts";
import { reopenIssue } from "#emails/outbox/advance-newsletters.ts";
import { isCopyOf, type LedgerCounts, ledgerCounts, queuedAgain } from "#emails/outbox/outbox.ts";
import { wakeSenders } from "#emails/outbox/wake.ts";
import { familyAddress, ownAddress } from "#emails/recipients.ts";

const pageSize = 50;

/** Kinds of mail to readers. Only managers see both families and readers (`kindsFor`, `isFor`). */
const readerKinds: DeliveryKind[] = ["newsletter", "newsletter_test", "confirmation"];

/** Kinds of mail whose lines this member of staff may see. Throws Forbidden for roles that see none. */
function kindsFor(staff: Staff): DeliveryKind[] {
  allow(staff, "manager", "coordinator", "fundraiser");
  return staff.role === "fundraiser" ? readerKinds : codes(deliveryKind);
}

/** A coordinator sees that a mail to a reader was sent, not to whom, and decides nothing about it. */
const isFor = (staff: Staff, kind: DeliveryKind) => staff.role !== "coordinator" || !readerKinds.includes(kind);

interface LedgerLine {
  id: string;
  kind: DeliveryKind;
  state: DeliveryState;
  queuedAt: Date;
  finishedAt: Date | null;
  /** When it is tried next; null while its issue is paused. */
  dueAt: Date | null;
  attempts: number;
  repeated: boolean;
  reply: string | null;
  /** "a•••@docomo.ne.jp"; null when erased, absent or not for this member of staff. */
  recipient: string | null;
  maySendAgain: boolean;
  /** Id of the case on whose page a refused mail to a family is sent again, after a look at the address. */
  correctInCase: string | null;
  /** It was refused, and sent again as a new line. */
  isSentAgain: boolean;
}

/** Which lines of the ledger: of one state, of one issue of the newsletter by its id, older than a line. */
interface LedgerFilter {
  state?: DeliveryState | undefined;
  issue?: string | undefined;
  before?: string | undefined;
}

interface LedgerPage {
  counts: LedgerCounts;
  /** The issue whose copies alone these are. */
  issue: { id: string; subject: string } | undefined;
  lines: LedgerLine[];
  /** Pass as `before` for the next, older page; undefined on the last. */
  next: string | undefined;
}

/**
 * A page of the ledger, 50 lines, newest first, and the counts by state of everything this member of staff may see; of one issue, as far as
 * its sending has begun. Looking is audited. Throws Forbidden, NotFound for an issue of which nothing was sent.
 */
export async function viewLedger(staff: Staff, filter: LedgerFilter = {}): Promise<LedgerPage> {
  const kinds = kindsFor(staff);
  return transaction(async (tx) => {
    const issue = filter.issue === undefined ? undefined : await findSentIssue(tx, filter.issue);
    const rows = await findRows(tx, kinds, filter);
    const lines = rows.slice(0, pageSize).map((row) => lineOf(staff, row));
    const recipients = lines.filter(({ recipient }) => recipient !== null).length;
    await audit(tx, staff, "view", "delivery", null, {
      state: filter.state ?? null,
      ...(issue && { newsletter: issue.id }),
      lines: lines.length,
      recipients,
    });
    const next = rows.length > pageSize ? lines.at(-1)?.id : undefined;
    const counts = await ledgerCounts({ kinds, ...(issue && { newsletterId: issue.id }) }, tx);
    return { counts, issue, lines, next };
  });
}

/** Its subject is known to everybody who got it; that of a draft is not. */
async function findSentIssue(tx: Executor, id: string): Promise<{ id: string; subject: string }> {
  if (!isId(id)) throw new NotFound("newsletter");
  const { subject, sentAt } = newsletters;
  const wasSent = and(eq(newsletters.id, id), isNotNull(sentAt));
  return firstOrNotFound(await tx.select({ id: newsletters.id, subject }).from(newsletters).where(wasSent));
}

function findRows(tx: Executor, kinds: DeliveryKind[], filter: LedgerFilter) {
  // Ids are made in the order of queueing (UUID version 7), so they page the ledger by themselves.
  const where = and(
    inArray(deliveries.kind, kinds),
    filter.state && eq(deliveries.state, filter.state),
    filter.issue === undefined ? undefined : isCopyOf(filter.issue),
    isId(filter.before) ? lt(deliveries.id, filter.before as string) : undefined,
  );
  return tx
    .select({
      delivery: deliveries,
      caseId: cases.id,
      caseKey: cases.wrappedKey,
      consultationId: consultations.id,
      contact: consultations.contact,
      grant: { id: downloadGrants.id, wrappedKey: downloadGrants.wrappedKey, email: downloadGrants.email },
      subscriber: { id: subscribers.id, wrappedKey: subscribers.wrappedKey, email: subscribers.email },
      invited: invitations.email,
      colleague: people.email,
      isSentAgain: not(isNotSentAgain),
    })
    .from(deliveries)
    .leftJoin(
      consultations,
      and(inArray(deliveries.kind, ["receipt", "reply_notice"]), eq(consultations.leadId, deliveries.leadId)),
    )
    .leftJoin(cases, eq(cases.id, consultations.caseId))
    .leftJoin(downloadGrants, eq(downloadGrants.id, deliveries.grantId))
    .leftJoin(subscribers, eq(subscribers.id, deliveries.subscriberId))
    .leftJoin(invitations, eq(invitations.id, deliveries.invitationId))
    .leftJoin(people, eq(people.id, deliveries.staffId))
    .where(where)
    .orderBy(desc(deliveries.id))
    .limit(pageSize + 1);
}

type Row = Awaited<ReturnType<typeof findRows>>[number];

function lineOf(staff: Staff, row: Row): LedgerLine {
  const { id, kind, state, queuedAt, finishedAt, attempts, repeated, reply } = row.delivery;
  const isParked = Number.isNaN(row.delivery.dueAt.getTime()); // "infinity" is no moment of a Date
  const dueAt = isParked ? null : row.delivery.dueAt;
  const address = isFor(staff, kind) ? addressOf(row) : undefined;
  const recipient = address === undefined ? null : maskAddress(address);
  const isSentAgain = Boolean(row.isSentAgain);
  const isRefused = isToFamily(kind) && (state === "failed" || state === "suppressed");
  return {
    ...{ id, kind, state, queuedAt, finishedAt, dueAt, attempts, repeated, reply, recipient, isSentAgain },
    maySendAgain: isFor(staff, kind) && maySendAgain(kind, state),
    correctInCase: isRefused && !isSentAgain && row.caseKey !== null ? row.caseId : null,
  };
}

/** A refused mail to a family is not: it would go to the same address again. The page of its contact does it (resend.ts). */
const maySendAgain = (kind: DeliveryKind, state: DeliveryState) =>
  state === "uncertain" || (state === "failed" && !isToFamily(kind));

function addressOf(row: Row): string | undefined {
  try {
    switch (row.delivery.kind) {
      case "receipt":
      case "reply_notice":
        return row.contact && row.consultationId && row.caseId
          ? familyAddress({
              ...row,
              caseId: row.caseId,
              consultationId: row.consultationId,
              wrappedKey: row.caseKey,
              contact: row.contact,
            })
          : undefined;
      case "guide_link":
        return row.grant ? ownAddress("download_grants", row.grant) : undefined;
      case "confirmation":
      case "newsletter":
        return row.subscriber ? ownAddress("subscribers", row.subscriber) : undefined;
      case "newsletter_test":
      case "sign_in_notice":
      case "personal_notice":
      case "monthly_summary":
      case "approval_answer":
      case "consents_ending":
      case "backups_late":
        return row.colleague ?? undefined;
      case "invitation":
        return row.invited ?? undefined;
      case "staff_notice":
        return settings().values.notify[0];
    }
  } catch (error) {
    if (error instanceof NotFound) return undefined; // erased
    throw error;
  }
}

/**
 * Queues one message again that failed or whose fate is unknown, with its attempts counted anew. Throws
 * NotFound for a message that this member of staff may not see, Refused in any other state and for a refused mail to a
 * family.
 */
export async function sendAgain(staff: Staff, id: string): Promise<void> {
  const kinds = kindsFor(staff);
  if (!isId(id)) throw new NotFound("delivery");
  await transaction(async (tx) => {
    const visible = and(eq(deliveries.id, id), inArray(deliveries.kind, kinds));
    const issue = await issueOf(tx, visible);
    const { kind, state } = firstOrNotFound(
      await tx.select({ kind: deliveries.kind, state: deliveries.state }).from(deliveries).where(visible).for("update"),
    );
    if (!isFor(staff, kind)) throw new Forbidden("may not decide about a reader's mail");
    if (!maySendAgain(kind, state))
      throw new Refused(
        isToFamily(kind) && state === "failed"
          ? "断られたメールを、同じアドレスへ送り直すことはできません。ご家族の連絡先を確かめるページから送り直してください。"
          : "このメールは、いま送り直すことができません。",
      );
    if (issue) await reopenIssue(tx, issue);
    await tx.execute(sql`update deliveries set ${queuedAgain(issue?.state === "paused")} where id = ${id}`);
    await audit(tx, staff, "resend", "delivery", id, { was: state });
    tx.afterCommit(wakeSenders);
  });
}

/** The issue that a message belongs to, if it is a copy of one; locked before the message, so that it is not found to be over meanwhile. */
async function issueOf(tx: Executor, where: SQL | undefined) {
  const isCopy = and(eq(newsletters.id, deliveries.newsletterId), eq(deliveries.kind, "newsletter"));
  const [issue] = await tx
    .select({ id: newsletters.id, state: newsletters.state })
    .from(newsletters)
    .innerJoin(deliveries, isCopy)
    .where(where)
    .for("update", { of: newsletters });
  return issue;
}
