/** Reminds those who keep an entry that a consent to it ends. Run by api/jobs.ts. */

import { sql } from "drizzle-orm";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import { transaction } from "#db/client.ts";
import { contentKeepers, type ContentKind } from "#db/terms/content.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { endingDays } from "./register.ts";

/**
 * One mail to each who keeps an entry with a consent that ends within 60 days, once for each consent: whoever made the entry
 * or, where they left or changed their role, everybody who keeps its kind. Two processes send one. Returns how many mails.
 */
export async function remindOfEndings(now: Date): Promise<{ reminders: number }> {
  const today = dayOf(now);
  return transaction(async (tx) => {
    const due = await tx.execute<{ id: string; kind: ContentKind; created_by: string | null }>(sql`
      select a.id, c.kind, c.created_by from approvals a
      join content c on c.id = a.content_id and c.archived_at is null
      where a.reminded_at is null and a.withdrawn_at is null
        and a.until between ${today}::date and ${dayAfter(today, endingDays)}::date
        and not exists (
          select from approvals b where b.content_id = a.content_id
            and b.locale is not distinct from a.locale and b.revision_no is not distinct from a.revision_no
            and b.picture_id is not distinct from a.picture_id
            and (b.recorded_at, b.id) > (a.recorded_at, a.id))
      order by a.id for update of a skip locked`);
    if (due.length === 0) return { reminders: 0 };
    const active = await tx.execute<{ id: string; role: string }>(
      sql`select id, role from staff where disabled_at is null`,
    );
    const receivers = new Set<string>();
    for (const { kind, created_by: maker } of due) {
      const keepers = active.filter(({ role }) => (contentKeepers[kind] as readonly string[]).includes(role));
      const own = keepers.filter(({ id }) => id === maker);
      for (const { id } of own.length > 0 ? own : keepers) receivers.add(id);
    }
    const ids = sql.join(
      due.map(({ id }) => sql`${id}::uuid`),
      sql`, `,
    );
    await tx.execute(sql`update approvals set reminded_at = ${now.toISOString()}::timestamptz where id in (${ids})`);
    for (const staffId of receivers) await enqueue(tx, { kind: "consents_ending", staffId });
    return { reminders: receivers.size };
  });
}
