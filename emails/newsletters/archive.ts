/** The public archive: the issues that are on the web. Pages, feed and sitemap all read it here. Reading needs no subscription. */

import { and, asc, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { lists, newsletters } from "#db/schema/mail.ts";
import { readTimeoutMs, withTimeout } from "#db/timeout.ts";

export interface PublishedSummary {
  slug: string;
  subject: string;
  /** Markdown. */
  body: string;
  sentAt: Date;
  /** When the words were corrected, so that they are not those that were mailed; null as a rule. */
  correctedAt: Date | null;
  /** Name of the list it went to. */
  list: string;
}

/** The issues on the web, newest first. Throws a timeout after `readTimeoutMs` when the database does not answer. */
export async function listPublished(limit = 200): Promise<PublishedSummary[]> {
  const reading = published().orderBy(desc(newsletters.sentAt), desc(newsletters.id)).limit(limit);
  const rows = await withTimeout(readTimeoutMs, reading);
  return rows.map(asPublished);
}

/** Issues grouped by calendar year in Asia/Tokyo; years and issues in the order given. */
export function byYear(issues: readonly PublishedSummary[]): [year: string, issues: PublishedSummary[]][] {
  return [...Map.groupBy(issues, ({ sentAt }) => dayOf(sentAt).slice(0, 4))];
}

/** An issue with the ones sent just before and after it, of any list, as far as they are on the web. */
export interface PublishedIssue extends PublishedSummary {
  earlier: PublishedSummary | undefined;
  later: PublishedSummary | undefined;
}

/** One issue by its address; "withdrawn" for one that was on the web. Throws NotFound for one that never was, as for an unknown slug. */
export async function getPublished(slug: string): Promise<PublishedIssue | "withdrawn"> {
  const named = eq(newsletters.slug, slug);
  const [row] = await published(named);
  if (!row) {
    const wasPublished = and(named, isNotNull(newsletters.webPublishedAt));
    firstOrNotFound(await db.select({ id: newsletters.id }).from(newsletters).where(wasPublished));
    return "withdrawn";
  }
  const ownPosition = sql`(select sent_at from newsletters where id = ${row.id}), ${row.id}::uuid`;
  const position = sql`(${newsletters.sentAt}, ${newsletters.id})`;
  const [earlier] = await published(sql`${position} < (${ownPosition})`)
    .orderBy(desc(newsletters.sentAt), desc(newsletters.id))
    .limit(1);
  const [later] = await published(sql`${position} > (${ownPosition})`)
    .orderBy(asc(newsletters.sentAt), asc(newsletters.id))
    .limit(1);
  return {
    ...asPublished(row),
    earlier: earlier && asPublished(earlier),
    later: later && asPublished(later),
  };
}

/** Whether an issue is on the web: the one condition for every place that shows it. */
const isOnWeb = and(
  isNotNull(newsletters.webPublishedAt),
  isNull(newsletters.webWithdrawnAt),
  isNotNull(newsletters.sentAt),
);

function published(where = sql`true`) {
  const { id, slug, subject, body, sentAt, webSubject, webBody, webCorrectedAt: correctedAt } = newsletters;
  return db
    .select({ id, slug, subject, body, webSubject, webBody, sentAt, correctedAt, list: lists.name })
    .from(newsletters)
    .innerJoin(lists, eq(lists.id, newsletters.listId))
    .where(and(isOnWeb, where));
}

type Row = Awaited<ReturnType<typeof published>>[number];

const asPublished = ({ slug, sentAt, correctedAt, list, ...words }: Row): PublishedSummary => ({
  ...{ slug, list, correctedAt, sentAt: sentAt ?? new Date(0) },
  ...webWordsOf(words),
});

/** Subject and text that the web shows: those that were mailed, or their correction. */
export const webWordsOf = ({
  subject,
  body,
  webSubject,
  webBody,
}: Pick<Row, "subject" | "body" | "webSubject" | "webBody">): { subject: string; body: string } => ({
  subject: webSubject ?? subject,
  body: webBody ?? body,
});
