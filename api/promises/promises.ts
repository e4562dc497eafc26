/**
 * What is owed to families, as every screen, job and count reads it. When a promise is kept says `settlePromises`
 * (db/promises/settle.ts); here are its making, its end by a person, and the reads. An intake makes its promise in its own
 * statement (api/intake/receive.ts).
 */

import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { audit, type Staff } from "#db/actor.ts";
import { replyByDate } from "#db/calendar/calendar.ts";
import { formatDay } from "#db/calendar/days.ts";
import type { Executor } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { promises } from "#db/schema/promises.ts";
import type { PromiseEnd, promiseEndReason } from "#db/terms/promises.ts";

/** SQL: the promise is neither kept nor ended. The partial index `promises_open` has this condition. */
export const isOpen = and(isNull(promises.keptAt), isNull(promises.endedAt));

/** SQL: something is owed in the case of the row of `cases`. */
export const isOwed = sql<boolean>`exists (select 1 from ${promises} where ${promises.caseId} = ${cases.id} and ${isOpen})`;

/** A promise that is open. */
export interface OpenPromise {
  id: string;
  consultationId: string;
  /** The family's message that waits; null: the request itself. */
  messageId: string | null;
  /** When the words arrived. */
  madeAt: Date;
  /** YYYY-MM-DD, Asia/Tokyo. */
  dueDay: string;
  /** When the notice of our reply was refused; null where none was. */
  reopenedAt: Date | null;
}

/** The open promises of a case, or of one of its consultations, in the order of their words. */
export function openPromises(tx: Executor, caseId: string, consultationId?: string): Promise<OpenPromise[]> {
  return tx
    .select({
      id: promises.id,
      consultationId: promises.consultationId,
      messageId: promises.messageId,
      madeAt: promises.madeAt,
      dueDay: promises.dueDay,
      reopenedAt: promises.reopenedAt,
    })
    .from(promises)
    .where(
      and(
        eq(promises.caseId, caseId),
        isOpen,
        consultationId === undefined ? undefined : eq(promises.consultationId, consultationId),
      ),
    )
    .orderBy(asc(promises.madeAt), asc(promises.id));
}

/** The earliest day by which one of these is due; null without one. */
export const earliestDue = (open: readonly Pick<OpenPromise, "dueDay">[]): string | null =>
  open.map(({ dueDay }) => dueDay).toSorted()[0] ?? null;

/** Promises an answer to what a family wrote. `messageId` is null for the request itself, which must ask for an answer. */
export async function makePromise(
  tx: Executor,
  promise: Pick<OpenPromise, "consultationId" | "messageId" | "madeAt" | "dueDay"> & { caseId: string },
): Promise<void> {
  await tx.insert(promises).values({ id: newId(), ...promise });
}

/**
 * Promises an answer to a request that wanted none, once its family does: by the day that a request of `now` would be
 * promised. Its words arrived when they did, so a reply or call of before keeps it at the next `settlePromises`.
 * Does nothing where one was promised already.
 */
export async function promiseWhenWished(
  tx: Executor,
  { caseId, consultationId }: { caseId: string; consultationId: string },
  now: Date,
): Promise<void> {
  await tx.execute(sql`
    insert into promises (id, case_id, consultation_id, made_at, due_day)
    select ${newId()}, ${caseId}, c.id, l.received_at, ${replyByDate(now)}
    from consultations c join leads l on l.id = c.lead_id
    where c.id = ${consultationId}
      and not exists (select 1 from promises p where p.consultation_id = c.id and p.message_id is null)`);
}

/** Ends all open promises of a case without an answer; returns how many. `by` is null for a command and for retention. */
export async function endPromises(
  tx: Executor,
  caseId: string,
  { reason, by, now }: { reason: keyof typeof promiseEndReason; by: Pick<Staff, "id"> | null; now: Date },
): Promise<number> {
  const ended = await tx
    .update(promises)
    .set({ endedAt: now, endReason: reason, endedBy: by?.id ?? null })
    .where(and(eq(promises.caseId, caseId), isOpen))
    .returning({ id: promises.id });
  for (const { id } of ended) await audit(tx, by, "end", "promise", id, { case: caseId, reason });
  return ended.length;
}

/**
 * Before a change after which nobody would look for an open promise: ends those of the locked case for `reason`, or
 * throws Refused with what is owed when no reason is given.
 */
export async function endOrRefuse(
  tx: Executor,
  staff: Pick<Staff, "id">,
  id: string,
  reason: PromiseEnd | undefined,
  now: Date,
): Promise<void> {
  const open = await openPromises(tx, id);
  const due = earliestDue(open);
  if (due === null) return;
  if (reason === undefined)
    throw new Refused(
      `まだお返事が届いていない約束が${open.length}件あります（${formatDay(due)}まで）。先にお返事をするか、お返事をしない理由を選んでください。入力した内容は残っています。`,
    );
  await endPromises(tx, id, { reason, by: staff, now });
}
