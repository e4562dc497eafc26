/** The public archive of sent issues; reading it needs no subscription. */

import { and, asc, desc, eq, sql } from "drizzle-orm";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { lists, newsletters } from "#db/schema/mail.ts";
import { readTimeoutMs, withTimeout } from "#db/timeout.ts";

export interface Published {
  slug: string;
  subject: string;
  /** Markdown. */
  body: string;
  sentAt: Date;
  /** Name of the list it went to. */
  list: string;
}

/** Sent issues, newest first. Throws a timeout after `readTimeoutMs` when the database does not answer. */
export async function listPublished(limit = 200): Promise<Published[]> {
  const reading = published().orderBy(desc(newsletters.sentAt), desc(newsletters.id)).limit(limit);
  const rows = await withTimeout(readTimeoutMs, reading);
  return rows.map(asPublished);
}

/** Issues grouped by calendar year in Asia/Tokyo; years and issues in the order given. */
export function byYear(issues: readonly Published[]): [year: string, issues: Published[]][] {
  return [...Map.groupBy(issues, ({ sentAt }) => dayOf(sentAt).slice(0, 4))];
}

/** One sent issue with the ones sent just before and after it, of any list. Throws NotFound for a draft as for an unknown slug. */
export async function getPublished(
  slug: string,
): Promise<Published & { earlier: Published | undefined; later: Published | undefined }> {
  const { id, ...issue } = firstOrNotFound(await published(eq(newsletters.slug, slug)));
  const ownPosition = sql`(select sent_at from newsletters where id = ${id}), ${id}::uuid`;
  const position = sql`(${newsletters.sentAt}, ${newsletters.id})`;
  const [earlier] = await published(sql`${position} < (${ownPosition})`)
    .orderBy(desc(newsletters.sentAt), desc(newsletters.id))
    .limit(1);
  const [later] = await published(sql`${position} > (${ownPosition})`)
    .orderBy(asc(newsletters.sentAt), asc(newsletters.id))
    .limit(1);
  return {
    ...asPublished({ id, ...issue }),
    earlier: earlier && asPublished(earlier),
    later: later && asPublished(later),
  };
}

function published(where = sql`true`) {
  const { id, slug, subject, body, sentAt } = newsletters;
  return db
    .select({ id, slug, subject, body, sentAt, list: lists.name })
    .from(newsletters)
    .innerJoin(lists, eq(lists.id, newsletters.listId))
    .where(and(sql`${sentAt} is not null`, where));
}

const asPublished = ({
  id: _id,
  sentAt,
  ...rest
}: Omit<Published, "sentAt"> & { id: string; sentAt: Date | null }): Published => ({
  ...rest,
  sentAt: sentAt ?? new Date(0),
});
