/** Noting where something that hangs on a consent was used outside the site: a mail, a leaflet or a report cannot be called back. */

import { findEntry } from "#api/content/entries.ts";
import { audit, type Staff } from "#db/actor.ts";
import { transaction } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { publicationUses } from "#db/schema/approvals.ts";
import type { ContentKind } from "#db/terms/content.ts";

/** `usedOn`: YYYY-MM-DD in Asia/Tokyo. Throws Forbidden and NotFound as `findEntry`. */
export async function noteUse(
  staff: Staff,
  { kind, contentId }: { kind: ContentKind; contentId: string },
  { place, usedOn }: { place: string; usedOn: string },
  now = new Date(),
): Promise<void> {
  await transaction(async (tx) => {
    await findEntry(tx, staff, kind, contentId);
    const id = newId(now.getTime());
    await tx.insert(publicationUses).values({ id, contentId, place, usedOn, notedBy: staff.id, notedAt: now });
    await audit(tx, staff, "note_use", "approval", contentId, { use: id });
  });
}
