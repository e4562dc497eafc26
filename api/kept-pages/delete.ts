/** Deleting kept pages that have expired; apart from keeping them, since a worker knows no requests. */

import { lt } from "drizzle-orm";
import { databaseNow } from "#db/calendar/clock.ts";
import { db } from "#db/client.ts";
import { keptPages } from "#db/schema/kept-pages.ts";

/** Scheduled: deletes what has expired. Returns how many. */
export async function deleteKeptPages(): Promise<{ kept_pages: number }> {
  const { count } = await db.delete(keptPages).where(lt(keptPages.expiresAt, databaseNow));
  return { kept_pages: count };
}
