/**
 * Links to one revision in one language, for the family, a partner or a director: signed, for 14 days, to be revoked. Whoever
 * has the link sees the entry as it will look and, where they are asked, says yes or what to change.
 */

import { and, eq, isNull, sql } from "drizzle-orm";
import { findEntry, findRevision } from "#api/content/entries.ts";
import { audit, type Staff } from "#db/actor.ts";
import { db, type Transaction, transaction } from "#db/client.ts";
import { NotFound, Refused } from "#db/errors.ts";
import { isId, newId } from "#db/random/ids.ts";
import { previewLinks } from "#db/schema/approvals.ts";
import { content, contentRevisions } from "#db/schema/content.ts";
import { idFromToken, tokenForId } from "#db/vault/tokens.ts";
import { approvalWords } from "#db/words/staff/approvals.ts";
import type { RevisionAt } from "./record.ts";

/** Days that a link may be used, its answer changed, and the page looked at. */
export const linkDays = 14;

export type Purpose = "approve" | "look";

/** Path of the page that a link opens. It can be made again from the link's id, so that staff may copy it a second time. */
export const linkPath = (id: string): string => `/preview/${tokenForId("preview", id)}`;

/** Makes a link. Returns its id. Throws Forbidden and NotFound as `findEntry`. */
export async function makeLink(staff: Staff, at: RevisionAt, purpose: Purpose, now = new Date()): Promise<string> {
  return transaction(async (tx) => {
    await findEntry(tx, staff, at.kind, at.contentId);
    if (!(await findRevision(tx, at.contentId, at.locale, at.revisionNo))) throw new NotFound();
    const id = newId(now.getTime());
    const { contentId, locale, revisionNo } = at;
    const expiresAt = new Date(now.getTime() + linkDays * 86_400_000);
    await tx
      .insert(previewLinks)
      .values({ id, contentId, locale, revisionNo, purpose, madeBy: staff.id, madeAt: now, expiresAt });
    await audit(tx, staff, "make", "preview_link", id, { entry: contentId, locale, no: revisionNo, purpose });
    return id;
  });
}

/** The link opens nothing from now on. Throws Forbidden and NotFound as `findEntry`, Refused for one that is revoked. */
export async function revokeLink(
  staff: Staff,
  { kind, contentId }: Pick<RevisionAt, "kind" | "contentId">,
  id: string,
  now = new Date(),
): Promise<void> {
  if (!isId(id)) throw new NotFound();
  await transaction(async (tx) => {
    await findEntry(tx, staff, kind, contentId);
    const isLink = and(eq(previewLinks.id, id), eq(previewLinks.contentId, contentId));
    const [link] = await tx.select().from(previewLinks).where(isLink).for("update");
    if (!link) throw new NotFound();
    if (link.revokedAt) throw new Refused(approvalWords.revokedAlready);
    await tx.update(previewLinks).set({ revokedAt: now }).where(isLink);
    await audit(tx, staff, "revoke", "preview_link", id);
  });
}

/** What a link opens. */
export type OpenLink = NonNullable<Awaited<ReturnType<typeof rowOf>>>;

/**
 * What a link opens now; undefined for a wrong, expired or revoked one, and where the entry is erased or put away. Reading it changes nothing. With `tx`
 * the link is locked until the transaction ends.
 */
export async function openLink(token: string, now = new Date(), tx?: Transaction): Promise<OpenLink | undefined> {
  const id = idFromToken("preview", token);
  return id === undefined ? undefined : rowOf(id, now, tx);
}

async function rowOf(id: string, now: Date, tx?: Transaction) {
  const query = (tx ?? db)
    .select({ link: previewLinks, entry: content, body: contentRevisions.body, origin: contentRevisions.origin })
    .from(previewLinks)
    .innerJoin(content, and(eq(content.id, previewLinks.contentId), isNull(content.archivedAt)))
    .innerJoin(
      contentRevisions,
      and(
        eq(contentRevisions.contentId, previewLinks.contentId),
        eq(contentRevisions.locale, previewLinks.locale),
        eq(contentRevisions.no, previewLinks.revisionNo),
      ),
    )
    .where(
      and(
        eq(previewLinks.id, id),
        isNull(previewLinks.revokedAt),
        sql`${previewLinks.expiresAt} > ${now.toISOString()}::timestamptz`,
      ),
    );
  const [row] = await (tx ? query.for("update", { of: previewLinks }) : query);
  return row;
}
