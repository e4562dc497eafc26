/** Erasing an entry for good, where somebody asks that nothing of their story be kept. */

import { eq } from "drizzle-orm";
import { findEntry } from "#api/content/entries.ts";
import { removeUnused } from "#api/pictures/pictures.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { appendTombstone } from "#db/backup/logs.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { eraseDraftsOf } from "#db/erasures/drafts.ts";
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
    await deleteEntry(tx, staff, entry, now);
  });
}

/** Erases again an entry that a restored backup brought back. Returns whether there was one. */
export async function eraseEntryAgain(contentId: string, erasedAt: Date): Promise<boolean> {
  return transaction(async (tx) => {
    const [entry] = await tx.select().from(content).where(eq(content.id, contentId)).for("update");
    if (entry) await deleteEntry(tx, null, entry, erasedAt);
    return entry !== undefined;
  });
}

type Entry = Pick<typeof content.$inferSelect, "id" | "kind" | "facts">;

async function deleteEntry(tx: Transaction, by: Staff | null, { id, kind, facts }: Entry, now: Date): Promise<void> {
  await tx.delete(approvals).where(eq(approvals.contentId, id));
  await tx.delete(previewLinks).where(eq(previewLinks.contentId, id));
  await tx.delete(publicationUses).where(eq(publicationUses.contentId, id));
  await tx.delete(contentTexts).where(eq(contentTexts.contentId, id));
  await tx.delete(contentRevisions).where(eq(contentRevisions.contentId, id));
  await tx.delete(content).where(eq(content.id, id));
  const pictureId = pictureIdIn(facts);
  if (pictureId !== undefined) await removeUnused(tx, by, pictureId, now);
  // What somebody typed into its form and did not send.
  await eraseDraftsOf(tx, `/staff/content/${kind}/${id}`);
  await audit(tx, by, "erase", "content", id, { kind });
  appendTombstone({ at: now.toISOString(), content: id });
}
