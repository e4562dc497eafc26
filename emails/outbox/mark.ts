/** "Handing over" is written before a text goes out: what a crashed sender had not marked, it had not sent. */

import { databaseNowSql } from "#db/calendar/clock.ts";
import { prepareNamed } from "#db/client.ts";
import { cancelledReason } from "./advance-newsletters.ts";
import { type Claimed, leaseEnd, stateBefore } from "./outbox.ts";
import { isConfirmedSql, isSuppressedSql, readerJoinsSql } from "./reader.ts";

/**
 * What is to be done with a message at this moment. `wait`: its issue is paused, and it is back in the queue. `suppressed`,
 * `cancelled`: the reader has left or was stopped since, which is its outcome; or the issue was cancelled, which its reply says.
 */
export type Verdict = "go" | "wait" | "suppressed" | "cancelled";

const markNow = prepareNamed<{ id: string; verdict: Verdict }>(`
  update deliveries d set
    handing_over_at = case when v.verdict = 'go' then ${databaseNowSql} end,
    leased_until = case when v.verdict = 'go' then ${leaseEnd} end,
    state = case v.verdict when 'go' then 'leased' when 'wait' then ${stateBefore}
      else v.verdict end,
    attempts = d.attempts - case when v.verdict = 'wait' then 1 else 0 end,
    finished_at = case when v.verdict in ('suppressed', 'cancelled') then ${databaseNowSql} end,
    reply = case when v.is_issue_cancelled then '${cancelledReason}' else d.reply end
  from (
    select d.id, d.attempts, coalesce(n.state = 'cancelled', false) as is_issue_cancelled, case
        when d.kind <> 'newsletter' then 'go'
        when n.state = 'paused' then 'wait'
        when n.state = 'cancelled' or not ${isConfirmedSql} then 'cancelled'
        when ${isSuppressedSql} then 'suppressed'
        else 'go' end as verdict
    from unnest(:ids::uuid[], :attempts::int[]) as mine (id, attempts)
    join deliveries d on d.id = mine.id and d.attempts = mine.attempts and d.state = 'leased' ${readerJoinsSql}
  ) v
  where d.id = v.id and d.attempts = v.attempts and d.state = 'leased'
  returning d.id, v.verdict`);

/**
 * Marks claimed messages that are about to be handed over, with a lease from now, and asks once more whether they may be:
 * what is not `go` is not, and its row says so already. A message that another sender has claimed since is missing from the answer.
 */
export async function markHandingOver(claimed: readonly Claimed[]): Promise<Map<string, Verdict>> {
  const rows = await markNow({ ids: claimed.map(({ id }) => id), attempts: claimed.map(({ attempts }) => attempts) });
  return new Map(rows.map(({ id, verdict }) => [id, verdict]));
}
