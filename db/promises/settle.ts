/**
 * The rule for when a promise of an answer is kept. It lies in db, and not in api/promises, because the outbox has to
 * apply it too when the notice of a reply is refused. Whatever reads what is owed reads the rows that
 * this function writes (api/promises); there is no second rule.
 */

import { sql } from "drizzle-orm";
import { audit, type Staff } from "#db/actor.ts";
import type { Executor } from "#db/client.ts";
import { readOnSite } from "#db/terms/consultation.ts";

interface Settled extends Record<string, unknown> {
  id: string;
  wasKept: boolean;
  isKept: boolean;
  replyId: string | null;
  entryId: string | null;
}

/**
 * Brings the promises of one case in line with what happened. Call it, in the transaction that wrote it down, after
 * every event that may keep a promise or undo that: a reply, an entry, the family opening its page, an outcome of
 * the notice of a reply (a later bounce too). Locks the case. `by` is who caused the event, for the audit trail.
 *
 * A promise is kept when one of these reached the family, and open otherwise:
 *
 * - A reply whose page had shown the words (messages.shown_message_id), once the family opened it with its code, or as
 *   long as its notice by mail was not refused (failed, suppressed or cancelled). Of a notice that was sent again to a
 *   corrected address (deliveries.resent_from_id) the newest mail counts alone. It counts from the moment it is sent,
 *   while the notice is still queued: the ledger is the truth, and a refusal opens the promise again. A reply that was
 *   refused once and is sent again counts only when the server has accepted it, or may have (uncertain).
 *   To a family that asked for a call no notice is sent, so the reply counts once it was opened. A family that asked
 *   to be answered on its page, or asked for no answer and wrote there later, reads it there: for it a reply counts at once.
 * - An entry of the journal from staff to the family with the outcome `spoke`, not before the words arrived. Calls that
 *   reached nobody, notes, calls by the family and calls to others keep nothing.
 *
 * A promise that is opened again keeps its due day, and its case is no longer one that waits for the family. Promises
 * that a person ended, and those of erased families, stay as they are.
 */
export async function settlePromises(
  tx: Executor,
  caseId: string,
  now: Date,
  by: Pick<Staff, "id"> | null = null,
): Promise<void> {
  const [found] = await tx.execute<{ isErased: boolean }>(
    sql`select wrapped_key is null as "isErased" from cases where id = ${caseId} for update`,
  );
  if (!found || found.isErased) return;
  const changed = await tx.execute<Settled>(settled(caseId, now));
  const reopened = changed.filter(({ wasKept, isKept }) => wasKept && !isKept);
  for (const { id, isKept, wasKept, replyId, entryId } of changed) {
    if (isKept !== wasKept)
      await audit(tx, by, isKept ? "keep" : "reopen", "promise", id, { case: caseId, reply: replyId, entry: entryId });
  }
  if (reopened.length > 0)
    await tx.execute(
      sql`update cases set state = 'open', version = version + 1 where id = ${caseId} and state = 'waiting'`,
    );
}

/** SQL: updates the promises whose keeper is no longer what it was. `replyId` and `entryId` name the keeper, of a reopened promise the former one. */
const settled = (caseId: string, now: Date) => sql`
  with replies as (
    select r.id, r.staff_id, r.written_at, r.shown_message_id,
      r.read_at is not null or c.reply_by in ${readOnSite} or coalesce(n.state in ('accepted', 'uncertain'), false) as reached,
      coalesce(n.state in ('queued', 'leased', 'retry'), false) as under_way
    from messages r
    join consultations c on c.id = r.consultation_id
    left join deliveries n on n.lead_id = c.lead_id and n.kind = 'reply_notice' and n.about_message_id = r.id
      and not exists (select 1 from deliveries again where again.resent_from_id = n.id)
    where r.case_id = ${caseId} and r.staff_id is not null
  ), conversations as (
    select id, author_id, happened_at from entries
    where case_id = ${caseId} and from_party = 'staff' and to_party = 'family' and outcome = 'spoke'
  ), keepers as (
    select p.id, reply.id as reply_id, reply.staff_id, entry.id as entry_id, entry.author_id,
      entry.id is not null and (reply.id is null or entry.id is not distinct from p.kept_by_entry_id) as by_entry
    from promises p
    left join lateral (
      select r.id, r.staff_id from replies r
      where (p.message_id <= r.shown_message_id or (p.message_id is null and p.made_at <= r.written_at))
        and (r.reached or (r.under_way and (p.refused_reply_id is null or r.id > p.refused_reply_id)))
      order by r.id = p.kept_by_reply_id desc nulls last, r.id limit 1
    ) reply on true
    left join lateral (
      -- Entries are dated by the minute.
      select e.id, e.author_id from conversations e where e.happened_at >= date_trunc('minute', p.made_at)
      order by e.id = p.kept_by_entry_id desc nulls last, e.happened_at, e.id limit 1
    ) entry on true
    where p.case_id = ${caseId} and p.ended_at is null
  ), wanted as (
    select id, case when not by_entry then reply_id end as reply_id, case when by_entry then entry_id end as entry_id,
      case when by_entry then author_id else staff_id end as kept_by
    from keepers
  )
  update promises p set
    kept_at = case when w.kept_by is not null then coalesce(p.kept_at, ${now.toISOString()}::timestamptz) end,
    kept_by_reply_id = w.reply_id, kept_by_entry_id = w.entry_id, kept_by = w.kept_by,
    reopened_at = case when p.kept_at is not null and w.kept_by is null
      then ${now.toISOString()}::timestamptz else p.reopened_at end,
    refused_reply_id = case when p.kept_at is not null and w.kept_by is null
      then greatest(p.refused_reply_id, p.kept_by_reply_id) else p.refused_reply_id end
  from wanted w
  where p.id = w.id
    and (p.kept_by_reply_id, p.kept_by_entry_id) is distinct from (w.reply_id, w.entry_id)
  returning new.id, old.kept_at is not null as "wasKept", new.kept_at is not null as "isKept",
    coalesce(new.kept_by_reply_id, case when new.kept_at is null then old.kept_by_reply_id end) as "replyId",
    coalesce(new.kept_by_entry_id, case when new.kept_at is null then old.kept_by_entry_id end) as "entryId"`;
