/** An installation that families used before there was a switch. */

import { expect, test } from "vitest";
import { publishNumbers } from "#api/numbers/publish.ts";
import { db } from "#db/client.ts";
import { publishedQuarters } from "#db/schema/published-numbers.ts";
import { member } from "../requests.ts";
import { asked, opened, publishing, tokyo } from "./happened.ts";

test("counts from its first lead on, which its first quarter says", async () => {
  const { id } = await member("manager");
  publishing();
  await asked(id, "2026-01-10T10:00:00", { channel: "sample" });
  for (const day of ["02", "03", "04"]) await asked(id, `2026-02-${day}T10:00:00`);
  expect(await publishNumbers(tokyo("2026-07-15T00:00:00"))).toEqual({ quarters: 0 });
  await opened("2026-06-01T10:00:00", "upgrade");
  expect(await publishNumbers(tokyo("2026-07-15T00:00:00"))).toEqual({ quarters: 2 });
  const rows = await db.select().from(publishedQuarters).orderBy(publishedQuarters.quarter);
  expect(rows.map(({ quarter, numbers }) => [quarter, numbers.since, numbers.consultations])).toEqual([
    ["2025-Q4", "2026-02-02", 3],
    ["2026-Q1", null, 0],
  ]);
});
