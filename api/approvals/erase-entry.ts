/** Erasing an entry for good, where somebody asks that nothing of their story be kept. */

import { and, eq, sql } from "drizzle-orm";
import { findEntry } from "#api/content/entries.ts";
import { forgetPicture } from "#api/pictures/files.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { approvals, previewLinks, publicationUses } from "#db/schema/approvals.ts";
import { content, contentRevisions, contentTexts } from "#db/schema/content.ts";
import type { ContentKind } from "#db/terms/content.ts";
import { pictureIn } from "./record.ts";

/**
 * Deletes an entry that was put away, with every text, consent, link and note, and its picture unless another entry shows
 * it. The trail keeps that it was erased, and no word. Throws Refused for one that was not put away. For managers.
 */
export async function eraseEntry(staff: Staff, kind: ContentKind, contentId: string): Promise<void> {
  allow(staff, "manager");
  await transaction(async (tx) => {
    const entry = await findEntry(tx, staff, kind, contentId, true);
    if (entry.archivedAt === null) throw new Refused("先に、この項目をしまってください。");
    await tx.delete(approvals).where(eq(approvals.contentId, contentId));
    await tx.delete(previewLinks).where(eq(previewLinks.contentId, contentId));
    await tx.delete(publicationUses).where(eq(publicationUses.contentId, contentId));
    await tx.delete(contentTexts).where(eq(contentTexts.contentId, contentId));
    await tx.delete(contentRevisions).where(eq(contentRevisions.contentId, contentId));
    await tx.delete(content).where(and(eq(content.id, contentId)));
    await erasePicture(tx, pictureIn(entry.facts));
    // What somebody typed into its form and did not send.
    await tx.execute(sql`delete from drafts where page = ${`/staff/content/${kind}/${contentId}`}`);
    await audit(tx, staff, "erase", "content", contentId, { kind });
  });
}

async function erasePicture(tx: Transaction, id: string | undefined): Promise<void> {
  if (id === undefined) return;
  const isUsed = sql`exists (select from content where facts ->> 'picture' = ${id})`;
  await tx.execute(sql`delete from picture_files where picture_id = ${id}::uuid and not ${isUsed}`);
  tx.afterCommit(() => void forgetPicture(id));
  // The row stays without its files and words, so that the address answers 410.
  await tx.execute(
    sql`update pictures set removed_at = coalesce(removed_at, now()), alt = '{}' where id = ${id}::uuid and not ${isUsed}`,
  );
}
