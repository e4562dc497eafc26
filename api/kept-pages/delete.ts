/** Deleting kept pages that have expired; apart from keeping them, since a worker knows no requests. */

import { inArray, lt } from "drizzle-orm";
import { databaseNow } from "#db/calendar/clock.ts";
import { db, type Executor } from "#db/client.ts";
import { keptPages } from "#db/schema/kept-pages.ts";
import { correspondenceGroup } from "./group.ts";

/** Scheduled: deletes what has expired. Returns how many. */
export async function deleteKeptPages(): Promise<{ kept_pages: number }> {
  const { count } = await db.delete(keptPages).where(lt(keptPages.expiresAt, databaseNow));
  return { kept_pages: count };
}

/** Deletes every page that shows the correspondence of one of these references: its reader closes it, or the family is erased. */
export async function closeCorrespondence(tx: Executor, references: readonly string[]): Promise<void> {
  const groups = references.flatMap((reference) => correspondenceGroup(reference) ?? []);
  if (groups.length > 0) await tx.delete(keptPages).where(inArray(keptPages.correspondence, groups));
}
