/** The keyword report as a file; the screen itself is site/pages/staff/keywords/index.astro. */

import { Hono } from "hono";
import { exportKeywords } from "#analytics/keywords/export.ts";
import { periodFromInput } from "#analytics/period.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";

export const keywordRoutes = new Hono<AppEnv>().get("/staff/keywords.csv", async (c) => {
  const period = periodFromInput({ from: c.req.query("from"), to: c.req.query("to") });
  const csv = await exportKeywords(requireStaff(c), period);
  return c.body(csv, 200, {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": `attachment; filename="keywords-${period.from}-${period.to}.csv"`,
    "Cache-Control": "no-store",
  });
});
