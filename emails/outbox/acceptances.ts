/**
 * What a mail server has accepted, noted outside the database too, so that after a restore nothing is mailed twice: a backup
 * may be a minute older than the last mail, and one taken back to an earlier moment by days.
 */

import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Acceptance, appendAcceptance } from "#db/backup/logs.ts";
import { type Executor, transaction } from "#db/client.ts";
import { settlePromises } from "#db/promises/settle.ts";
import { type Claimed, messageIdFor } from "./outbox.ts";

const Row = z.object({
  at: z.iso.datetime(),
  id: z.uuid(),
  newsletter: z.uuid().optional(),
  subscriber: z.uuid().optional(),
} satisfies Record<keyof Acceptance, z.ZodType>);

/** Notes an acceptance; resolves when it is on the disk, and before the outcome is written to the database. Never throws. */
export function noteAcceptance({ id, kind, newsletterId, subscriberId }: Claimed, at = new Date()): Promise<void> {
  const isCopy = kind === "newsletter" && newsletterId && subscriberId;
  const issue = isCopy ? { newsletter: newsletterId, subscriber: subscriberId } : {};
  return appendAcceptance({ at: at.toISOString(), id, ...issue });
}

/** The rows of the log `accepted` that say what they should. */
export const acceptancesIn = (rows: readonly unknown[]): Acceptance[] =>
  rows.flatMap((row) => Row.safeParse(row).data ?? []);

export interface Restored {
  /** Messages that were still to be sent and are now known to have been accepted. */
  accepted: number;
  /** Copies of an issue that went out after the moment to which the database was taken back; the issue skips their readers. */
  skipped: number;
  /** Messages of which nobody knows whether they went out. */
  uncertain: number;
  /** Messages that are known to have been accepted later than the database reaches, and of which it knows nothing: with them what was asked for is lost. */
  lost: number;
}

interface Restore {
  /** Until when the database knows everything. */
  restoredTo: Date;
  /** Until when messages may have gone out that no log names; absent when the logs are complete. */
  unknownUntil?: Date | undefined;
}

/**
 * Brings the ledger up to date after a restore. What the log names is accepted. A copy of an issue that the database
 * does not know (it was sent later) is added, so that its reader does not get the issue again. With `unknownUntil`, the log lacks
 * what was accepted shortly before the loss: what was due by then becomes `uncertain`, for a person to decide.
 */
export async function restoreLedger(
  acceptances: readonly Acceptance[],
  { restoredTo, unknownUntil }: Restore,
): Promise<Restored> {
  return transaction(async (tx) => {
    const accepted = await markAccepted(tx, acceptances);
    const skipped = await addUnknownCopies(tx, acceptances);
    const uncertain = unknownUntil === undefined ? 0 : await markUncertain(tx, unknownUntil);
    return { accepted, skipped, uncertain, lost: await countLost(tx, acceptances, restoredTo) };
  });
}

async function markAccepted(tx: Executor, acceptances: readonly Acceptance[]): Promise<number> {
  const rows = await tx.execute<{ kind: string; caseId: string | null }>(sql`
    update deliveries d set state = 'accepted', finished_at = log.at, leased_until = null, attempts = greatest(attempts, 1)
    from jsonb_to_recordset(${JSON.stringify(acceptances)}::jsonb) as log (id uuid, at timestamptz)
    where d.id = log.id and d.state <> 'accepted'
    returning d.kind, (select case_id from messages m where m.id = d.about_message_id) as "caseId"`);
  // The notice of a reply keeps a promise, or opens it again where it was refused.
  for (const { kind, caseId } of rows)
    if (kind === "reply_notice" && caseId !== null) await settlePromises(tx, caseId, new Date());
  return rows.length;
}

async function addUnknownCopies(tx: Executor, acceptances: readonly Acceptance[]): Promise<number> {
  const copies = acceptances.filter(
    ({ newsletter, subscriber }) => newsletter !== undefined && subscriber !== undefined,
  );
  const rows = copies.map((copy) => ({ ...copy, message: messageIdFor(copy.id) }));
  const added = await tx.execute(sql`
    insert into deliveries (id, kind, lane, state, message_id, newsletter_id, subscriber_id, attempts, queued_at, due_at, finished_at)
    select log.id, 'newsletter', 'bulk', 'accepted', log.message, log.newsletter, log.subscriber, 1, log.at, log.at, log.at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as log (id uuid, at timestamptz, message text, newsletter uuid, subscriber uuid)
    where exists (select from newsletters n where n.id = log.newsletter)
      and exists (select from subscribers s where s.id = log.subscriber)
    on conflict do nothing returning 1`);
  return added.length;
}

async function countLost(tx: Executor, acceptances: readonly Acceptance[], restoredTo: Date): Promise<number> {
  const [row] = await tx.execute<{ count: number }>(sql`
    select count(distinct log.id)::int as count
    from jsonb_to_recordset(${JSON.stringify(acceptances)}::jsonb) as log (id uuid, at timestamptz)
    where log.at > ${restoredTo.toISOString()}::timestamptz and not exists (select from deliveries d where d.id = log.id)`);
  return row?.count ?? 0;
}

async function markUncertain(tx: Executor, until: Date): Promise<number> {
  const rows = await tx.execute(sql`
    update deliveries set state = 'uncertain', finished_at = now(), leased_until = null, reply = 'restored'
    where state in ('queued', 'retry', 'leased') and due_at <= ${until.toISOString()}::timestamptz returning 1`);
  return rows.length;
}
