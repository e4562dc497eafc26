/** Reading cases: the inbox, and one case with its words opened. Who may see which is in the query. */
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, type SQL, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { db, type Executor } from "#db/client.ts";
import { dayOf } from "#db/days.ts";
import { Forbidden, NotFound, one } from "#db/errors.ts";
import { assignments, cases, closures, entries } from "#db/schema/cases.ts";
import { isId } from "#db/schema/columns.ts";
import { erasures } from "#db/schema/erasures.ts";
import { consultations, leads, messages } from "#db/schema/leads.ts";
import { deliveries } from "#db/schema/mail.ts";
import { staff as people } from "#db/schema/staff.ts";
import { type CaseState, doubtful, type Role } from "#db/terms.ts";
import { type SealingKey, unseal, unwrap } from "#db/vault.ts";
import { messagesOf } from "./correspondence.ts";

const pageSize = 50;

/** The cases this member of staff may know of; everyone else's do not exist for them. */
export function visibleTo(staff: Staff): SQL {
  if (staff.role === "manager" || staff.role === "coordinator") return sql`true`;
  if (staff.role !== "peer") throw new Forbidden(`${staff.role} never sees a case`);
  return givenTo(staff);
}

const givenTo = ({ id }: Staff) => sql`exists (select 1 from ${assignments} where ${assignments.caseId} = ${cases.id}
  and ${assignments.staffId} = ${id} and ${assignments.endedAt} is null)`;

/** The first request has no answer yet, as far as the record tells; a case that was only given to someone still waits. */
const isFirstOwed = sql`(${consultations.replyBy} <> 'none' and (${cases.state} = 'new' or (${cases.state} = 'open'
  and not exists (select 1 from ${entries} where ${entries.caseId} = ${cases.id})
  and not exists (select 1 from ${messages} where ${messages.caseId} = ${cases.id} and ${messages.staffId} is not null))))`;
/** The day promised for the earliest words the family added that nobody has answered or written down since; else null. Ids ascend with time. */
const additionDue = sql`(select min(added.reply_by_date) from messages added
  where added.case_id = ${cases.id} and added.staff_id is null
  and not exists (select 1 from messages reply
    where reply.case_id = added.case_id and reply.staff_id is not null and reply.id > added.id)
  and not exists (select 1 from entries entry
    where entry.case_id = added.case_id and entry.id > added.id))`;
/** The day by which the next answer is due; null when none is. */
const dueDate = sql<
  string | null
>`least(case when ${isFirstOwed} then ${consultations.replyByDate} end, ${additionDue})`;
/** An erased family asks for nothing any more and stands in no list. */
const isKept = isNotNull(cases.wrappedKey);
const isDoubtful = sql<boolean>`${leads.suspicion} >= ${doubtful}`;

export interface CaseFilter {
  state?: CaseState | undefined;
  /** Only cases given to the asker. */
  mine?: boolean;
  /** Only requests that look odd, or only the others. */
  doubtful?: boolean;
  /** Id of the last case of the page before. */
  after?: string | undefined;
}

/** New cases oldest first, since they wait; all others newest first; 50 to a page. No sealed text. */
export async function listCases(staff: Staff, filter: CaseFilter, now = new Date()) {
  const isOldestFirst = filter.state === "new";
  const rows = await db
    .select({
      id: cases.id,
      state: cases.state,
      reference: leads.reference,
      receivedAt: leads.receivedAt,
      isDoubtful,
      /** True when the family wrote on and nobody has answered. */
      isAdded: sql<boolean>`${additionDue} is not null`,
      replyBy: consultations.replyBy,
      replyByDate: consultations.replyByDate,
      /** YYYY-MM-DD of the next answer owed; null when none is. */
      dueDate: sql<string | null>`${dueDate}::text`,
      relation: consultations.relation,
      topics: consultations.topics,
      schoolStage: consultations.schoolStage,
      assignees: sql<
        string[]
      >`array(select ${people.name} from ${assignments} join ${people} on ${people.id} = ${assignments.staffId}
        where ${assignments.caseId} = ${cases.id} and ${assignments.endedAt} is null order by ${assignments.assignedAt})`,
    })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(
      and(
        isKept,
        visibleTo(staff),
        matching(staff, filter),
        // Ids are time-ordered, so the id of the last row is where the next page starts.
        isId(filter.after) ? (isOldestFirst ? gt : lt)(cases.id, filter.after as string) : undefined,
      ),
    )
    .orderBy(isOldestFirst ? asc(cases.id) : desc(cases.id))
    .limit(pageSize + 1);
  const today = dayOf(now);
  const shown = rows
    .slice(0, pageSize)
    .map((row) => ({ ...row, isOverdue: row.dueDate !== null && row.dueDate < today }));
  return { cases: shown, next: rows.length > pageSize ? shown.at(-1)?.id : undefined };
}

function matching(staff: Staff, { state, mine, doubtful: odd }: CaseFilter): SQL | undefined {
  return and(
    state && eq(cases.state, state),
    odd === undefined ? undefined : odd ? isDoubtful : sql`not ${isDoubtful}`,
    mine ? givenTo(staff) : undefined,
  );
}

/** How many cases wait in each place, among those the asker may see, and how long they may still wait. */
export async function countCases(staff: Staff, now = new Date()) {
  const waits = sql`${dueDate} is not null and not ${isDoubtful}`;
  const rows = await db
    .select({
      state: cases.state,
      count: sql<number>`count(*)::int`,
      doubtful: sql<number>`(count(*) filter (where ${isDoubtful}))::int`,
      overdue: sql<number>`(count(*) filter (where ${waits} and ${dueDate} < ${dayOf(now)}))::int`,
      /** YYYY-MM-DD of the earliest answer still owed. */
      nextDue: sql<string | null>`(min(${dueDate}) filter (where ${waits}))::text`,
    })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(and(isKept, visibleTo(staff)))
    .groupBy(cases.state);
  return Object.fromEntries(rows.map((row) => [row.state, row])) as Partial<Record<CaseState, (typeof rows)[number]>>;
}

export interface Contact {
  name?: string;
  /** Where a professional works, and as what. */
  affiliation?: string;
  email?: string;
  phone?: string;
}

/**
 * One case with everything opened, and a line in the audit trail that it was. Peers read what a
 * visit needs and no way to reach the family. Throws NotFound for a case the asker may not see.
 */
export async function openCase(staff: Staff, id: string) {
  if (!isId(id)) throw new NotFound("case");
  return db.transaction(async (tx) => {
    const { wrappedKey, ...found } = one(
      await tx
        .select()
        .from(cases)
        .where(and(eq(cases.id, id), visibleTo(staff))),
    );
    const isErased = wrappedKey === null;
    const key = isErased ? undefined : unwrap(wrappedKey, `cases.wrapped_key.${id}`);
    const opened = await consultationsOf(tx, id, key, staff);
    await audit(tx, staff, "view", "case", id);
    return {
      ...found,
      isErased,
      /** Why, by whom (null for a command and for retention) and when; null while nothing was erased. */
      erasure: await erasureOf(tx, id),
      consultations: opened,
      assignments: await assigneesOf(tx, id),
      entries: await entriesOf(tx, id, key),
      /** For those who may answer. */
      messages: staff.role === "peer" ? [] : await messagesOf(tx, id, key),
      dueDate: await dueDateOf(tx, id),
      closures: await closuresOf(tx, id),
      mails: await mailsOf(
        tx,
        opened.map(({ leadId }) => leadId),
      ),
    };
  });
}

async function consultationsOf(tx: Executor, id: string, key: SealingKey | undefined, staff: Staff) {
  const asked = await tx
    .select({
      consultation: consultations,
      receivedAt: leads.receivedAt,
      reference: leads.reference,
      locale: leads.locale,
    })
    .from(consultations)
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(eq(consultations.caseId, id))
    .orderBy(asc(leads.receivedAt));
  return asked.map(({ consultation, ...lead }) => {
    const { contact, message, receiptCode: _code, receiptCodeHash: _hash, ...rest } = consultation;
    const { emailIndex: _email, phoneIndex: _phone, ...row } = rest;
    const all: Contact = key ? (JSON.parse(unseal(key, contact, `consultations.contact.${row.id}`)) as Contact) : {};
    return {
      ...lead,
      ...row,
      message: key ? unseal(key, message, `consultations.message.${row.id}`) : "",
      contact: staff.role === "peer" ? { name: all.name, affiliation: all.affiliation } : all,
    };
  });
}

async function erasureOf(tx: Executor, id: string) {
  const [row] = await tx
    .select({ reason: erasures.reason, at: erasures.erasedAt, by: people.name })
    .from(erasures)
    .leftJoin(people, eq(people.id, erasures.erasedBy))
    .where(and(eq(erasures.what, "case"), eq(erasures.whatId, id)));
  return row ?? null;
}

async function dueDateOf(tx: Executor, id: string): Promise<string | null> {
  const rows = await tx
    .select({ dueDate: sql<string | null>`${dueDate}::text` })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .where(eq(cases.id, id));
  return rows.map((row) => row.dueDate).toSorted()[0] ?? null;
}

function assigneesOf(tx: Executor, id: string) {
  return tx
    .select({ id: assignments.id, staffId: people.id, name: people.name, assignedAt: assignments.assignedAt })
    .from(assignments)
    .innerJoin(people, eq(people.id, assignments.staffId))
    .where(and(eq(assignments.caseId, id), isNull(assignments.endedAt)))
    .orderBy(asc(assignments.assignedAt));
}

async function entriesOf(tx: Executor, id: string, key: SealingKey | undefined) {
  const rows = await tx
    .select({ entry: entries, author: people.name })
    .from(entries)
    .innerJoin(people, eq(people.id, entries.authorId))
    .where(eq(entries.caseId, id))
    .orderBy(desc(entries.happenedAt), desc(entries.id));
  return rows.map(({ entry, author }) => {
    const body = key
      ? (JSON.parse(unseal(key, entry.body, `entries.body.${entry.id}`)) as EntryBody)
      : { who: "", whom: "", what: "" };
    return { ...entry, body, author };
  });
}

export interface EntryBody {
  who: string;
  whom: string;
  what: string;
}

function closuresOf(tx: Executor, id: string) {
  return tx
    .select({ closure: closures, by: people.name })
    .from(closures)
    .innerJoin(people, eq(people.id, closures.closedBy))
    .where(eq(closures.caseId, id))
    .orderBy(desc(closures.closedAt));
}

function mailsOf(tx: Executor, leadIds: string[]) {
  return tx
    .select({
      id: deliveries.id,
      kind: deliveries.kind,
      aboutMessageId: deliveries.aboutMessageId,
      state: deliveries.state,
      queuedAt: deliveries.queuedAt,
      finishedAt: deliveries.finishedAt,
    })
    .from(deliveries)
    .where(inArray(deliveries.leadId, leadIds))
    .orderBy(asc(deliveries.queuedAt));
}

/** Roles that work on cases, and that a case can be given to. */
export const caseRoles: readonly Role[] = ["manager", "coordinator", "peer"];

/** Those a case can be given to: everyone active who may see cases. For those who give them. */
export async function listAssignable(staff: Staff) {
  allow(staff, "manager", "coordinator");
  return db
    .select({ id: people.id, name: people.name, role: people.role })
    .from(people)
    .where(and(isNull(people.disabledAt), inArray(people.role, [...caseRoles])))
    .orderBy(asc(people.name));
}
