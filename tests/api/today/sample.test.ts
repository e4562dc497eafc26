/** The sample shows every group of 「きょう」 filled. */

import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { loadSample } from "#api/sample/sample.ts";
import { groupNames } from "#api/today/groups.ts";
import { listToday } from "#api/today/today.ts";
import { db } from "#db/client.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { staff } from "#db/schema/staff.ts";

test("every group has a case", async () => {
  const now = new Date();
  await loadSample(now);
  const reader = firstOrNotFound(await db.select().from(staff).where(eq(staff.role, "coordinator")));
  const { groups } = await listToday(reader, {}, now);
  expect(groupNames.filter((name) => groups[name].length === 0)).toEqual([]);
});
