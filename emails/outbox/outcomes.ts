/** What became of attempts, written to the outbox. */

import { eq, sql } from "drizzle-orm";
import { databaseNowSql } from "#db/calendar/clock.ts";
import { prepareNamed, transaction, type Transaction } from "#db/client.ts";
import { settlePromises } from "#db/promises/settle.ts";
import { messages } from "#db/schema/messages.ts";
import type { Outcome } from "#emails/smtp/outcome.ts";
import { type Claimed, defaultDelays, type Delays, mayRepeat, pauseAfter, stateBefore } from "./outbox.ts";

/** One attempt and how it ended. */
export interface Attempted {
  delivery: Claimed;
  outcome: Outcome;
}

/**
 * Writes the outcomes of attempts and ends their leases, all in one statement but for notices of replies; safe to repeat. Does nothing to a message that
 * another sender has claimed since, except that `accepted` also replaces an `uncertain` of the same attempt. What the
 * outcome of the notice of a reply means for what is owed to the family is written in the same transaction as that outcome.
 */
export async function finish(
  attempts: readonly Attempted[],
  delays: Delays = defaultDelays,
  now = new Date(),
): Promise<void> {
  const notices = attempts.filter(({ delivery }) => delivery.kind === "reply_notice");
  const others = attempts.filter(({ delivery }) => delivery.kind !== "reply_notice");
  if (others.length > 0) await writeOutcomes({ rows: rowsOf(others, delays) });
  for (const notice of notices) {
    await transaction(async (tx) => {
      const [written] = await writeOutcomesIn(tx, rowsOf([notice], delays));
      if (written !== undefined) await settleNoticeOfReply(tx, notice.delivery, now);
    });
  }
}

/** A refused notice opens the promise that its reply had kept; an accepted one keeps it again (db/promises/settle.ts). */
async function settleNoticeOfReply(tx: Transaction, { aboutMessageId }: Claimed, now: Date): Promise<void> {
  if (!aboutMessageId) return;
  const [reply] = await tx.select({ caseId: messages.caseId }).from(messages).where(eq(messages.id, aboutMessageId));
  if (reply) await settlePromises(tx, reply.caseId, now);
}

const repeats = `(o.state = 'uncertain' and ${mayRepeat})`;
/** `unreachable` is not counted as an attempt and due at once: the sender's back-off decides when it tries again. */
const next = `case o.state
    when 'unreachable' then ${stateBefore}
    when 'retry' then case
      when d.queued_at < ${databaseNowSql} - make_interval(secs => o.give_up) then 'failed' else 'retry' end
    when 'uncertain' then case when ${repeats} then 'retry' else 'uncertain' end
    else o.state end`;
const statement = `
  update deliveries d set state = ${next}, leased_until = null,
    attempts = d.attempts - case when o.state = 'unreachable' then 1 else 0 end,
    due_at = case when o.state in ('retry', 'uncertain') then ${databaseNowSql} + make_interval(secs => o.wait) else d.due_at end,
    finished_at = case when ${next} in ('queued', 'retry') then null else ${databaseNowSql} end,
    repeated = d.repeated or ${repeats},
    reply = case when o.state = 'unreachable' then coalesce(o.reply, d.reply) else o.reply end
  from jsonb_to_recordset(:rows::text::jsonb)
    as o (id uuid, attempts int, state text, reply text, wait float8, give_up float8)
  where d.id = o.id and d.attempts = o.attempts
    and (d.state = 'leased' or (d.state = 'uncertain' and o.state = 'accepted'))
  returning d.id`;
const writeOutcomes = prepareNamed<{ id: string }>(statement);

/** The same inside a transaction. */
async function writeOutcomesIn(tx: Transaction, rows: string): Promise<{ id: string }[]> {
  const [before = "", after = ""] = statement.split(":rows");
  return tx.execute<{ id: string }>(sql`${sql.raw(before)}${rows}${sql.raw(after)}`);
}

/** The parameter of the statement. */
function rowsOf(attempts: readonly Attempted[], delays: Delays): string {
  return JSON.stringify(
    attempts.map(({ delivery, outcome }) => ({
      id: delivery.id,
      attempts: delivery.attempts,
      state: outcome.state,
      reply: outcome.reply,
      wait: (outcome.state === "uncertain" ? delays.uncertain : pauseAfter(delivery.attempts, delays.retry)) / 1000,
      give_up: delays.giveUp / 1000,
    })),
  );
}
