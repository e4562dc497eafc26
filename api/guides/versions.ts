/** The files of one guide. */

import { desc, eq } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { guideVersions } from "#db/schema/guides.ts";

/** The newest version of a guide, whoever made it. */
export async function newestOf(tx: Executor, slug: string) {
  const [newest] = await tx
    .select()
    .from(guideVersions)
    .where(eq(guideVersions.guideSlug, slug))
    .orderBy(desc(guideVersions.version))
    .limit(1);
  return newest;
}
