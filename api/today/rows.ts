/** The rows of a list of cases, with what is sealed in them opened: the name of the family and its newest words. */

import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { isNotErased, visibleTo } from "#api/case-access/visible.ts";
import type { Contact } from "#api/cases/case.ts";
import { heldByNobody, type Holders, holdersOf } from "#api/holders/responsible.ts";
import { unreadAmong } from "#api/holders/unread.ts";
import { nothingOwed, type Owed, owedOf } from "#api/promises/owed.ts";
import { dueRemindersAmong } from "#api/reminders/reminders.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { type Executor, transaction } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads, needsReviewSql } from "#db/schema/leads.ts";
import { messages } from "#db/schema/messages.ts";
import type { CaseState } from "#db/terms/cases.ts";
import { type CaseKey, unseal, unwrap } from "#db/vault/vault.ts";
import { undeliveredCases } from "./today.ts";

/** How much of a message a list shows; a row cuts it to its width. */
const wordsLength = 140;

/** The lists that show names; the word stands in the audit trail. */
type ListName = "today" | "cases" | "search" | "phone_intake";

export interface CaseRow {
  id: string;
  state: CaseState;
  reference: string | null;
  /** As the family wrote it; undefined when it gave none. */
  name: string | undefined;
  /** The first words of the family's newest message, or of its request. */
  words: string;
  /** When those were written. */
  wordsAt: Date;
  locale: (typeof leads.$inferSelect)["locale"];
  relation: (typeof consultations.$inferSelect)["relation"];
  schoolStage: (typeof consultations.$inferSelect)["schoolStage"];
  replyBy: (typeof consultations.$inferSelect)["replyBy"];
  /** Who is responsible, away or not, and who helps. */
  holders: Holders;
  /** Something in it that the reader has not read. */
  isUnread: boolean;
  /** What is to be done next, of the earliest open reminder whose day has come. */
  reminder: string | undefined;
  owed: Owed;
  isUndelivered: boolean;
  isDoubtful: boolean;
  /** A call was stored in which nobody asked for consent, and nobody has since. */
  lacksConsent: boolean;
}

/**
 * The rows of these cases by id, opened, for managers and coordinators; one audit row for the whole list. Cases that
 * were erased are left out. Throws Forbidden for a peer, whose list has no words of a family (api/peers/peer-cases.ts).
 */
export async function openRows(
  staff: Staff,
  ids: readonly string[],
  list: ListName,
  now = new Date(),
): Promise<Map<string, CaseRow>> {
  if (ids.length === 0) return new Map();
  allow(staff, "manager", "coordinator");
  return transaction(async (tx) => {
    const requests = await requestsOf(tx, staff, ids);
    const seen = [...requests.keys()];
    if (seen.length === 0) return new Map();
    const today = dayOf(now);
    const holders = await holdersOf(tx, seen, today);
    const unread = await unreadAmong(tx, staff, seen);
    const reminders = await dueRemindersAmong(staff, seen, today, tx);
    const newest = await newestMessages(tx, seen);
    const owed = await owedOf(tx, seen, now);
    const undelivered = await undeliveredAmong(tx, seen);
    await audit(tx, staff, "view", "case", null, { list, count: seen.length });
    return new Map(
      seen.map((id) => {
        const { first, latest, key } = requests.get(id) as Requests;
        const message = newest.get(id);
        return [
          id,
          {
            id,
            state: first.state,
            reference: first.reference,
            name: nameIn(first, key) ?? nameIn(latest, key),
            ...wordsOf(latest, message, key),
            locale: latest.locale,
            relation: first.relation,
            schoolStage: first.schoolStage,
            replyBy: latest.replyBy,
            holders: holders.get(id) ?? heldByNobody,
            isUnread: unread.has(id),
            reminder: reminders.get(id)?.[0]?.what,
            owed: owed.get(id) ?? nothingOwed,
            isUndelivered: undelivered.has(id),
            isDoubtful: first.isDoubtful,
            lacksConsent: first.lacksConsent || latest.lacksConsent,
          },
        ];
      }),
    );
  });
}

/** The first and the latest request of a case, which are mostly one, and the key that opens them. */
interface Requests {
  first: Request;
  latest: Request;
  key: CaseKey;
}
type Request = Awaited<ReturnType<typeof selectRequests>>[number];

async function requestsOf(tx: Executor, staff: Staff, ids: readonly string[]): Promise<Map<string, Requests>> {
  const rows = await selectRequests(tx, staff, ids);
  return new Map(
    [...Map.groupBy(rows, ({ id }) => id)].flatMap(([id, of]) => {
      const [first, latest] = [of[0], of.at(-1)];
      if (!first?.wrappedKey || !latest) return [];
      return [[id, { first, latest, key: unwrap(first.wrappedKey, "cases.wrapped_key", id) }]];
    }),
  );
}

const selectRequests = (tx: Executor, staff: Staff, ids: readonly string[]) =>
  tx
    .select({
      id: cases.id,
      state: cases.state,
      wrappedKey: cases.wrappedKey,
      reference: leads.reference,
      receivedAt: leads.receivedAt,
      locale: leads.locale,
      isDoubtful: needsReviewSql(leads.spamScore, cases.state),
      lacksConsent: sql<boolean>`${consultations.consent} is null`,
      consultationId: consultations.id,
      relation: consultations.relation,
      schoolStage: consultations.schoolStage,
      replyBy: consultations.replyBy,
      contact: consultations.contact,
      message: consultations.message,
    })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(and(inArray(cases.id, [...ids]), isNotErased, visibleTo(staff)))
    .orderBy(asc(leads.receivedAt));

const nameIn = ({ contact, consultationId }: Request, key: CaseKey): string | undefined =>
  (JSON.parse(unseal(key, contact, "consultations.contact", consultationId)) as Contact).name?.trim() || undefined;

function wordsOf(latest: Request, message: NewestMessage | undefined, key: CaseKey) {
  const text =
    message === undefined
      ? unseal(key, latest.message, "consultations.message", latest.consultationId)
      : unseal(key, message.body, "messages.body", message.id);
  const words = [
    ...text
      .slice(0, 4 * wordsLength)
      .replaceAll(/\s+/gu, " ")
      .trim(),
  ]
    .slice(0, wordsLength)
    .join("");
  return { words, wordsAt: message?.writtenAt ?? latest.receivedAt };
}

type NewestMessage = Pick<typeof messages.$inferSelect, "id" | "caseId" | "body" | "writtenAt">;

/** What each family wrote last after its request. */
async function newestMessages(tx: Executor, ids: readonly string[]): Promise<Map<string, NewestMessage>> {
  const later = alias(messages, "later");
  const rows = await tx
    .select({ id: messages.id, caseId: messages.caseId, body: messages.body, writtenAt: messages.writtenAt })
    .from(messages)
    .where(
      and(
        inArray(messages.caseId, [...ids]),
        isNull(messages.staffId),
        sql`not exists (select 1 from ${messages} as ${sql.identifier("later")} where ${later.caseId} = ${messages.caseId}
          and ${later.staffId} is null and ${later.id} > ${messages.id})`,
      ),
    );
  return new Map(rows.map((row) => [row.caseId, row]));
}

async function undeliveredAmong(tx: Executor, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.execute<{ case_id: string }>(
    sql`select case_id from (${undeliveredCases}) u where case_id in (${sql.join(
      ids.map((id) => sql`${id}::uuid`),
      sql`, `,
    )})`,
  );
  return new Set(rows.map(({ case_id }) => case_id));
}
