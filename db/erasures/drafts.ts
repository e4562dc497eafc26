/** What staff typed about somebody or something and did not send goes with it. */

import { or, sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { drafts } from "#db/schema/drafts.ts";

/** Deletes the drafts of all forms of a page ("/staff/newsletters/readers/<id>") and of the pages below it, whoever wrote them. */
export async function eraseDraftsOf(tx: Executor, page: string): Promise<void> {
  const below = `${page}/`;
  const isAt = (path: typeof drafts.page | typeof drafts.form) =>
    sql`(${path} = ${page} or starts_with(${path}, ${below}))`;
  await tx.delete(drafts).where(or(isAt(drafts.page), isAt(drafts.form)));
}
