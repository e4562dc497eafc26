/** What is owed in cases, and whose turn it is there: what lists, the page of a case and reminders show to staff. */

import { and, asc, eq, inArray, isNotNull, ne } from "drizzle-orm";
import { dayOf } from "#db/calendar/days.ts";
import type { Executor } from "#db/client.ts";
import { cases, entries } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { deliveries, isNotSentAgain } from "#db/schema/mail.ts";
import { messages } from "#db/schema/messages.ts";
import { promises } from "#db/schema/promises.ts";
import type { CaseState } from "#db/terms/cases.ts";
import type { Turn } from "#db/terms/promises.ts";
import { dueLabel } from "./due-label.ts";
import { earliestDue, type OpenPromise } from "./promises.ts";
import { type Attempt, whyOwed } from "./why-owed.ts";

export interface Owed {
  turn: Turn;
  /** YYYY-MM-DD (Asia/Tokyo) of the earliest answer owed; null when none is. */
  dueDay: string | null;
  /** The due day is over, in whatever state the case is. */
  isOverdue: boolean;
  /** 「あと2日」「きょうまで」「3日超過」 in business days; "" when nothing is owed. */
  dueLabel: string;
  /** The words that wait, in their order. The page opens at the first. */
  open: OpenPromise[];
  /** Calls and visits since then that reached nobody, in their order. */
  attempts: Attempt[];
  /** One or two sentences that say why it is whose turn; "" where nobody has one. */
  why: string;
}

/** Nothing is owed and nobody has a turn: of an erased case, and of one that does not exist. */
export const nothingOwed: Owed = {
  turn: "nobody",
  dueDay: null,
  isOverdue: false,
  dueLabel: "",
  open: [],
  attempts: [],
  why: "",
};

/**
 * What is owed in each of these cases at `now`, by id; ids of unknown cases are left out. Reads by index the rows of
 * these cases alone. Whether the reader may see the cases is for the caller to check.
 */
export async function owedOf(tx: Executor, ids: readonly string[], now = new Date()): Promise<Map<string, Owed>> {
  const states = await tx
    .select({ id: cases.id, state: cases.state, wrappedKey: cases.wrappedKey })
    .from(cases)
    .where(inArray(cases.id, [...ids]));
  const made = Map.groupBy(await promisesOf(tx, ids), ({ caseId }) => caseId);
  const owing = [...made].filter(([, of]) => of.some(isOpenRow)).map(([id]) => id);
  const attempts = Map.groupBy(await attemptsOf(tx, owing), ({ caseId }) => caseId);
  const replies = Map.groupBy(await repliesOf(tx, owing), ({ caseId }) => caseId);
  return new Map(
    states.map(({ id, state, wrappedKey }) => [
      id,
      wrappedKey === null
        ? nothingOwed
        : owedFrom(
            { state, made: made.get(id) ?? [], attempts: attempts.get(id) ?? [], replies: replies.get(id) ?? [] },
            now,
          ),
    ]),
  );
}

/** What is owed in one case. */
export const owedInCase = async (tx: Executor, id: string, now = new Date()): Promise<Owed> =>
  (await owedOf(tx, [id], now)).get(id) ?? nothingOwed;

type PromiseRow = Awaited<ReturnType<typeof promisesOf>>[number];
type Reply = Awaited<ReturnType<typeof repliesOf>>[number];

const isOpenRow = ({ keptAt, endedAt }: PromiseRow) => keptAt === null && endedAt === null;

const refusedStates = ["failed", "suppressed", "cancelled"];

function owedFrom(
  of: { state: CaseState; made: PromiseRow[]; attempts: Attempt[]; replies: Reply[] },
  now: Date,
): Owed {
  const today = dayOf(now);
  const open = of.made.filter(isOpenRow).map(({ keptAt: _k, endedAt: _e, endReason: _r, caseId: _c, ...rest }) => rest);
  const dueDay = earliestDue(open);
  const turn = turnIn(of.state, of.made.length, open.length);
  const since = open[0]?.madeAt ?? now;
  const attempts = of.attempts
    // Entries are dated by the minute.
    .filter(({ at }) => at.getTime() > since.getTime() - 60_000)
    .map(({ channel, outcome, at }) => ({ channel, outcome, at }));
  const replies = of.replies.filter(({ writtenAt }) => writtenAt >= since);
  const last = of.made.at(-1);
  const events = {
    turn,
    attempts,
    waiting: open.map(({ messageId, madeAt }) => ({ isAddition: messageId !== null, arrivedAt: madeAt })),
    isNoticeRefused: replies.some(({ notice }) => notice !== null && refusedStates.includes(notice)),
    isReplyUnread: replies.some(({ notice, readAt }) => notice === null && readAt === null),
    last: last === undefined ? null : (last.endReason ?? ("kept" as const)),
  };
  return {
    turn,
    dueDay,
    isOverdue: dueDay !== null && dueDay < today,
    dueLabel: dueDay === null ? "" : dueLabel(dueDay, today),
    open,
    attempts,
    why: whyOwed(events, today),
  };
}

/** By the state, and how many promises were made and are open. A new request that wants no answer waits to be read. */
function turnIn(state: CaseState, made: number, open: number): Turn {
  if (open > 0) return "ours";
  if (state === "closed") return "nobody";
  return state === "new" && made === 0 ? "unread" : "family";
}

function promisesOf(tx: Executor, ids: readonly string[]) {
  return tx
    .select({
      id: promises.id,
      caseId: promises.caseId,
      consultationId: promises.consultationId,
      messageId: promises.messageId,
      madeAt: promises.madeAt,
      dueDay: promises.dueDay,
      reopenedAt: promises.reopenedAt,
      keptAt: promises.keptAt,
      endedAt: promises.endedAt,
      endReason: promises.endReason,
    })
    .from(promises)
    .where(inArray(promises.caseId, [...ids]))
    .orderBy(asc(promises.madeAt), asc(promises.id));
}

/** Calls, visits and meetings of staff with the family that reached nobody. */
async function attemptsOf(tx: Executor, ids: readonly string[]) {
  const rows = await tx
    .select({ caseId: entries.caseId, channel: entries.channel, outcome: entries.outcome, at: entries.happenedAt })
    .from(entries)
    .where(
      and(
        inArray(entries.caseId, [...ids]),
        eq(entries.fromParty, "staff"),
        eq(entries.toParty, "family"),
        ne(entries.outcome, "spoke"),
      ),
    )
    .orderBy(asc(entries.happenedAt), asc(entries.id));
  return rows.flatMap(({ outcome, ...row }) => (outcome === null ? [] : [{ ...row, outcome }]));
}

/** Our replies, with the state of the mail that announced each, the newest where it was sent again; null where none was. */
function repliesOf(tx: Executor, ids: readonly string[]) {
  return tx
    .select({
      caseId: messages.caseId,
      writtenAt: messages.writtenAt,
      readAt: messages.readAt,
      notice: deliveries.state,
    })
    .from(messages)
    .innerJoin(consultations, eq(consultations.id, messages.consultationId))
    .leftJoin(
      deliveries,
      and(
        eq(deliveries.leadId, consultations.leadId),
        eq(deliveries.kind, "reply_notice"),
        eq(deliveries.aboutMessageId, messages.id),
        isNotSentAgain,
      ),
    )
    .where(and(inArray(messages.caseId, [...ids]), isNotNull(messages.staffId)));
}
