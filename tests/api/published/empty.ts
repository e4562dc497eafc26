/** Takes every entry away, as nobody can in the product. */

import { sql } from "drizzle-orm";
import { db } from "#db/client.ts";

export async function emptyContent(): Promise<void> {
  for (const table of [
    "approvals",
    "preview_links",
    "publication_uses",
    "content_texts",
    "content_revisions",
    "content",
  ])
    await db.execute(sql`delete from ${sql.identifier(table)}`);
  for (const table of ["picture_files", "pictures", "content_lists"])
    await db.execute(sql`delete from ${sql.identifier(table)}`);
}
