/**
 * Notices to whoever is responsible for a case, or to one person. They are written down here, in the transaction that
 * causes them, and sent by `sendNotices` (send.ts), several in one mail.
 */

import { sql } from "drizzle-orm";
import { actingFor } from "#api/holders/absent.ts";
import { peersIn } from "#api/holders/peers.ts";
import { responsibleOf } from "#api/holders/responsible.ts";
import { dayOf } from "#db/calendar/days.ts";
import type { Executor } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { staffNotices, staffNoticesOff } from "#db/schema/notices.ts";
import { staff as people, staffAccounts } from "#db/schema/staff.ts";
import type { NoticeKind } from "#db/terms/notices.ts";

interface Notice {
  kind: NoticeKind;
  caseId: string;
  /** Id of the row that caused it: a person is notified of one thing once. */
  aboutId: string;
  /** Whom it is for; absent: whoever is responsible for the case. */
  to?: string | undefined;
  /** Who caused it; they are not notified of what they did themselves. */
  by?: string | undefined;
}

/**
 * Writes one notice down for its person, or on a day of absence for their stand-in. Nothing is written where nobody
 * is responsible, where the person has switched this kind off, has left or has no account (the invented staff of the
 * sample), and for what they did themselves.
 */
export async function notifyHolder(tx: Executor, { kind, caseId, aboutId, to, by }: Notice, now: Date): Promise<void> {
  const holder = to === undefined ? responsibleOf(sql`${caseId}::uuid`) : sql`${to}::uuid`;
  await tx.execute(sql`
    insert into ${staffNotices} (id, staff_id, case_id, kind, about_id, noticed_at)
    select ${newId()}, person.id, ${caseId}, ${kind}, ${aboutId}, ${now.toISOString()}::timestamptz
    from ${people} person join ${cases} on ${cases.id} = ${caseId}
    where person.id = ${actingFor(holder, dayOf(now))} and person.disabled_at is null
      and ${by === undefined ? sql`true` : sql`${holder} <> ${by}::uuid and person.id <> ${by}::uuid`}
      and ${cases.wrappedKey} is not null
      and exists (select 1 from ${staffAccounts} account where account.user_id = person.id)
      and not exists (select 1 from ${staffNoticesOff} switched where switched.staff_id = person.id and switched.kind = ${kind})
    on conflict do nothing`);
}

/** One notice for each peer who helps in the case: there is a new brief, or an entry that they now read. */
export async function notifyPeers(
  tx: Executor,
  about: { caseId: string; aboutId: string; by: string },
  now: Date,
): Promise<void> {
  for (const { id } of await peersIn(tx, about.caseId))
    await notifyHolder(tx, { kind: "brief", ...about, to: id }, now);
}
