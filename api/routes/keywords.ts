/** The keyword report as a file; the screen itself is site/pages/staff/keywords.astro. */
import { Hono } from "hono";
import { askedPeriod } from "#analytics/period.ts";
import { exportKeywords } from "#analytics/report.ts";
import { type House, staffOf } from "../context.ts";

export const keywords = new Hono<House>().get("/staff/keywords.csv", async (c) => {
  const period = askedPeriod({ from: c.req.query("from"), to: c.req.query("to") });
  const csv = await exportKeywords(staffOf(c), period);
  return c.body(csv, 200, {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": `attachment; filename="keywords-${period.from}-${period.to}.csv"`,
    "Cache-Control": "no-store",
  });
});
