/** Who changed a case last, as a sentence for somebody whose page is older than that change. */

import { sql } from "drizzle-orm";
import type { Staff } from "#db/actor.ts";
import { dayOf, formatDay, wallClock } from "#db/calendar/days.ts";
import type { Executor } from "#db/client.ts";
import type { AuditAction } from "#db/terms/audit.ts";
import { caseState } from "#db/terms/cases.ts";

/** Actions on a case that raise its version, besides what is written in it. */
const changes = [
  "assign",
  "hand_over",
  "change_state",
  "close",
  "reopen",
  "correct_contact",
] as const satisfies readonly AuditAction<"case">[];

interface Change extends Record<string, unknown> {
  at: string;
  staffId: string | null;
  name: string | null;
  action: (typeof changes)[number] | "message.add" | "message.reply" | "promise.reopen";
  to: string | null;
  role: string | null;
  /** The member of staff in `to`. */
  whom: string | null;
}

/**
 * 「森下 恵さんが 14:02 に担当を高田さんに引き継ぎました。」, from the audit trail: the newest change after which a page of the
 * case is out of date. "" when the trail has none. Times are of Asia/Tokyo, with the day unless it is today.
 */
export async function lastChange(
  tx: Executor,
  staff: Pick<Staff, "id">,
  caseId: string,
  now = new Date(),
): Promise<string> {
  // Three index scans: what is written in a case has its own id in the trail.
  const [found] = await tx.execute<Change>(sql`
    with changed as (
      select id, at, staff_id, action, detail from audit_events
      where noun = 'case' and noun_id = ${caseId} and action in ${[...changes]}
      union all
      select e.id, e.at, e.staff_id, 'message.' || e.action, e.detail from messages m
      join audit_events e on e.noun = 'message' and e.noun_id = m.id::text where m.case_id = ${caseId}
      union all
      select e.id, e.at, e.staff_id, 'promise.reopen', e.detail from promises p
      join audit_events e on e.noun = 'promise' and e.noun_id = p.id::text and e.action = 'reopen'
      where p.case_id = ${caseId}
    )
    select c.at, c.staff_id as "staffId", by_whom.name, c.action, c.detail ->> 'to' as to, c.detail ->> 'role' as role,
      named.name as whom
    from changed c
    left join staff by_whom on by_whom.id = c.staff_id
    left join staff named on named.id::text = c.detail ->> 'to'
    order by c.id desc limit 1`);
  if (!found) return "";
  const who =
    found.staffId === null ? "" : found.staffId === staff.id ? "自分が（別の画面で） " : `${found.name}さんが `;
  return `${whoWithout(found) ?? who}${timeOf(new Date(found.at), now)} に${whatOf(found)}。`;
}

/** The change was not made by a member of staff. */
function whoWithout({ staffId, action }: Change): string | undefined {
  if (staffId !== null) return undefined;
  return action === "promise.reopen" ? "お知らせのメールが " : action === "message.add" ? "ご家族が " : "";
}

function timeOf(at: Date, now: Date): string {
  const time = wallClock(at).slice(11);
  return dayOf(at) === dayOf(now) ? time : `${formatDay(dayOf(at))} ${time}`;
}

function whatOf({ action, staffId, to, role, whom }: Change): string {
  switch (action) {
    case "assign":
      if (to === staffId) return "担当になりました";
      return role === "helper" ? `${whom}さんを手伝いに加えました` : `${whom}さんを担当にしました`;
    case "hand_over":
      return `担当を${whom}さんに引き継ぎました`;
    case "change_state":
      return `状態を「${caseState[to as keyof typeof caseState] ?? to}」に変えました`;
    case "close":
      return "この相談を終了しました";
    case "reopen":
      return "この相談を再開しました";
    case "correct_contact":
      return "連絡先を直しました";
    case "message.add":
      return "書き足しました";
    case "message.reply":
      return "お返事を送りました";
    case "promise.reopen":
      return "断られ、お返事の約束が戻りました";
  }
}
