/** Putting an entry away, bringing it back, and deleting one that was never public. */

import { eq } from "drizzle-orm";
import { audit, type Staff } from "#db/actor.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { approvals, previewLinks, publicationUses } from "#db/schema/approvals.ts";
import { content, contentRevisions, contentTexts } from "#db/schema/content.ts";
import { codes } from "#db/terms/codes.ts";
import type { ContentKind } from "#db/terms/content.ts";
import { locale as locales } from "#db/terms/locale.ts";
import { contentWords } from "#db/words/staff/content.ts";
import { findEntry } from "./entries.ts";
import { settleText } from "./publish.ts";
import { bumpList } from "./save.ts";

/** Takes an entry off the site and out of its list, with all its languages; they stay as they are. */
export async function archiveEntry(staff: Staff, kind: ContentKind, id: string, now = new Date()): Promise<void> {
  await transaction(async (tx) => {
    const { archivedAt } = await lockEntry(tx, staff, kind, id);
    if (archivedAt !== null) return;
    // The view leaves out what is put away: what became public until now has to be written first.
    for (const locale of codes(locales)) await settleText(tx, id, locale, now);
    await setArchived(tx, staff, { kind, id }, now);
  });
}

/** Puts it back where it stood; what was published of it is public again. */
export async function bringBackEntry(staff: Staff, kind: ContentKind, id: string): Promise<void> {
  await transaction(async (tx) => {
    const { archivedAt } = await lockEntry(tx, staff, kind, id);
    if (archivedAt === null) return;
    await setArchived(tx, staff, { kind, id }, null);
  });
}

/**
 * Locks the list before the entry, as moving does: in another order two verbs could wait for each other. Throws Refused for
 * a guide, which comes and goes with its file.
 */
async function lockEntry(tx: Transaction, staff: Staff, kind: ContentKind, id: string) {
  await findEntry(tx, staff, kind, id);
  if (kind === "guide") throw new Refused(contentWords.guideItself);
  await bumpList(tx, kind);
  return findEntry(tx, staff, kind, id, true);
}

async function setArchived(
  tx: Transaction,
  staff: Staff,
  { kind, id }: { kind: ContentKind; id: string },
  archivedAt: Date | null,
): Promise<void> {
  await tx.update(content).set({ archivedAt }).where(eq(content.id, id));
  await audit(tx, staff, archivedAt === null ? "bring_back" : "archive", "content", id, { kind });
}

/**
 * Deletes an entry for good. Throws Refused for one of which anything was ever public, and for one with consents, links or
 * uses outside the site: those say what somebody agreed to.
 */
export async function deleteEntry(staff: Staff, kind: ContentKind, id: string, now = new Date()): Promise<void> {
  await transaction(async (tx) => {
    await lockEntry(tx, staff, kind, id);
    for (const locale of codes(locales)) await settleText(tx, id, locale, now);
    const texts = await tx.select().from(contentTexts).where(eq(contentTexts.contentId, id));
    const wasPublic = texts.some(({ publishedNo, publishedAt }) => publishedNo !== null || publishedAt !== null);
    if (wasPublic) throw new Refused(contentWords.wasPublished);
    for (const records of [approvals, previewLinks, publicationUses]) {
      const [record] = await tx.select({ id: records.id }).from(records).where(eq(records.contentId, id)).limit(1);
      if (record) throw new Refused(contentWords.hasRecords);
    }
    await tx.delete(contentTexts).where(eq(contentTexts.contentId, id));
    await tx.delete(contentRevisions).where(eq(contentRevisions.contentId, id));
    await tx.delete(content).where(eq(content.id, id));
    await audit(tx, staff, "delete", "content", id, { kind });
  });
}
