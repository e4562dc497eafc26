/**
 * A guide's place among the entries that staff publish: its order in the list, and its title and summary in other
 * languages. The Japanese of it is the guide's own: what is written there is copied as a published revision, so that a
 * translation can tell that it is behind. A guide that is withdrawn is put away, with its translations.
 */

import { and, eq, max, sql } from "drizzle-orm";
import type { Transaction } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { content, contentRevisions, contentTexts } from "#db/schema/content.ts";
import { guides } from "#db/schema/guides.ts";
import { bumpList } from "./save.ts";

/** Makes the entry of a guide, or brings it up to date; nothing where it is. The caller holds the transaction. */
export async function updateListEntry(
  tx: Transaction,
  slug: string,
  by: { id: string } | null,
  now = new Date(),
): Promise<void> {
  const [guide] = await tx.select().from(guides).where(eq(guides.slug, slug));
  if (!guide) return;
  const { id: contentId, archivedAt } = await entryOf(tx, slug, by, now);
  if ((archivedAt === null) !== (guide.withdrawnAt === null)) {
    await bumpList(tx, "guide");
    await tx.update(content).set({ archivedAt: guide.withdrawnAt }).where(eq(content.id, contentId));
  }
  const locale = "ja" as const;
  const isText = and(eq(contentRevisions.contentId, contentId), eq(contentRevisions.locale, locale));
  const [text] = await tx
    .select({ body: contentRevisions.body })
    .from(contentTexts)
    .innerJoin(contentRevisions, and(isText, eq(contentRevisions.no, contentTexts.publishedNo)))
    .where(and(eq(contentTexts.contentId, contentId), eq(contentTexts.locale, locale)));
  const body = { title: guide.title, summary: guide.summary };
  if (text?.body["title"] === body.title && text.body["summary"] === body.summary) return;
  const [last] = await tx
    .select({ no: max(contentRevisions.no) })
    .from(contentRevisions)
    .where(isText);
  const no = (last?.no ?? 0) + 1;
  const author = { writtenBy: by?.id ?? null, writtenAt: now };
  await tx
    .insert(contentRevisions)
    .values({ contentId, locale, no, body, ...author, origin: by ? "staff" : "starter" });
  await tx
    .insert(contentTexts)
    .values({ contentId, locale, publishedNo: no, publishedAt: now })
    .onConflictDoUpdate({
      target: [contentTexts.contentId, contentTexts.locale],
      set: { publishedNo: no, publishedAt: now, version: sql`${contentTexts.version} + 1` },
    });
}

async function entryOf(
  tx: Transaction,
  slug: string,
  by: { id: string } | null,
  now: Date,
): Promise<{ id: string; archivedAt: Date | null }> {
  const same = and(eq(content.kind, "guide"), eq(content.slug, slug));
  const [known] = await tx.select({ id: content.id, archivedAt: content.archivedAt }).from(content).where(same);
  if (known) return known;
  const id = newId(now.getTime());
  const position = sql<number>`(select coalesce(max(position), 0) + 1 from content where kind = 'guide')`;
  await tx
    .insert(content)
    .values({ id, kind: "guide", slug, position, facts: {}, createdBy: by?.id ?? null, createdAt: now });
  return { id, archivedAt: null };
}
