/** Reminds those who keep an entry that a consent to it ends. Run by api/jobs.ts. */

import { inArray, sql } from "drizzle-orm";
import { dayAfter, dayOf, instantOf } from "#db/calendar/days.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { approvals } from "#db/schema/approvals.ts";
import type { ContentKind } from "#db/terms/content.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { keepersOf } from "./keepers.ts";
import { endingDays } from "./register.ts";

/** A consent that ends, with the entry's kind and who made it. */
type Ending = Record<string, unknown> & { id: string; kind: ContentKind; created_by: string | null };

/**
 * One mail to each who keeps an entry with a consent that ends within 60 days, once for each consent: whoever made the entry
 * or, where they left or changed their role, everybody who keeps its kind. Two processes send one. Where nobody keeps the
 * kind now, the consent waits for the next run. A mail that is found due at night, when a process starts, leaves at 9:00 in
 * Tokyo. Returns how many mails.
 */
export async function remindOfEndings(now: Date): Promise<{ reminders: number }> {
  return transaction(async (tx) => {
    const due = await endingsDue(tx, now);
    if (due.length === 0) return { reminders: 0 };
    const receiversOf = await keepersOf(tx);
    const told = due
      .map((ending) => ({ id: ending.id, to: receiversOf(ending.kind, ending.created_by) }))
      .filter(({ to }) => to.length > 0);
    const receivers = new Set(told.flatMap(({ to }) => to));
    if (receivers.size === 0) return { reminders: 0 };
    const reminded = told.map(({ id }) => id);
    await tx.update(approvals).set({ remindedAt: now }).where(inArray(approvals.id, reminded));
    const dueAt = instantOf(dayOf(now), "09:00");
    for (const staffId of receivers) await enqueue(tx, { kind: "consents_ending", staffId, dueAt });
    return { reminders: receivers.size };
  });
}

/**
 * The consents whose end takes something off the site: the newest to a text that is public or will be, or the newest to the
 * picture that such an entry shows. A later one replaces it whatever picture either of them names (the views text_consents
 * and picture_consents say the same). The rows are locked; those that another process has locked are left out.
 */
const endingsDue = (tx: Transaction, now: Date): Promise<Ending[]> =>
  tx.execute<Ending>(sql`
    select a.id, c.kind, c.created_by from approvals a
    join content c on c.id = a.content_id and c.archived_at is null
    where a.reminded_at is null and a.withdrawn_at is null
      and a.until between ${dayOf(now)}::date and ${dayAfter(dayOf(now), endingDays)}::date
      and (
        exists (
          select from content_periods p where p.content_id = a.content_id
            and p.locale = a.locale and p.revision_no = a.revision_no
            and (p.shown_to is null or p.shown_to > ${now.toISOString()}::timestamptz))
        and not exists (
          select from approvals b where b.content_id = a.content_id
            and b.locale = a.locale and b.revision_no = a.revision_no
            and (b.recorded_at, b.id) > (a.recorded_at, a.id))
        or c.facts ->> 'picture' = a.picture_id::text
        and exists (select from content_periods p where p.content_id = a.content_id)
        and not exists (
          select from approvals b where b.content_id = a.content_id and b.picture_id = a.picture_id
            and (b.recorded_at, b.id) > (a.recorded_at, a.id))
      )
    order by a.id for update of a skip locked`);
