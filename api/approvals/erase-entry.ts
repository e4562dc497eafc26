/** Erasing an entry for good, where somebody asks that nothing of their story be kept. */

import { eq, sql } from "drizzle-orm";
import { findEntry } from "#api/content/entries.ts";
import { removeUnused } from "#api/pictures/pictures.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { approvals, previewLinks, publicationUses } from "#db/schema/approvals.ts";
import { content, contentRevisions, contentTexts } from "#db/schema/content.ts";
import { pictureIdIn } from "#db/terms/content-fields.ts";
import type { ContentKind } from "#db/terms/content.ts";
import { contentWords } from "#db/words/staff/content.ts";

/**
 * Deletes an entry that was put away, with every text, consent, link and note, and its picture unless another entry shows
 * it. The trail keeps that it was erased, and no word. Throws Refused for one that was not put away. For managers.
 */
export async function eraseEntry(staff: Staff, kind: ContentKind, contentId: string, now = new Date()): Promise<void> {
  allow(staff, "manager");
  await transaction(async (tx) => {
    const entry = await findEntry(tx, staff, kind, contentId, true);
    if (kind === "guide") throw new Refused(contentWords.guideItself);
    if (entry.archivedAt === null) throw new Refused(contentWords.putAwayFirst);
    await tx.delete(approvals).where(eq(approvals.contentId, contentId));
    await tx.delete(previewLinks).where(eq(previewLinks.contentId, contentId));
    await tx.delete(publicationUses).where(eq(publicationUses.contentId, contentId));
    await tx.delete(contentTexts).where(eq(contentTexts.contentId, contentId));
    await tx.delete(contentRevisions).where(eq(contentRevisions.contentId, contentId));
    await tx.delete(content).where(eq(content.id, contentId));
    const pictureId = pictureIdIn(entry.facts);
    if (pictureId !== undefined) await removeUnused(tx, staff, pictureId, now);
    // What somebody typed into its form and did not send.
    await tx.execute(sql`delete from drafts where page = ${`/staff/content/${kind}/${contentId}`}`);
    await audit(tx, staff, "erase", "content", contentId, { kind });
  });
}
