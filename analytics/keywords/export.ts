/** The keyword report as a file. */

import type { Period } from "#analytics/period.ts";
import { audit, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { keywordCsv } from "./csv.ts";
import { keywordReport } from "./report.ts";

/** The same report as a file for spreadsheets; leaving the house, it leaves a trace. */
export async function exportKeywords(staff: Staff, period: Period): Promise<string> {
  const report = await keywordReport(staff, period);
  await audit(db, staff, "export", "keywords", null, { ...period, rows: report.rows.length });
  return keywordCsv(report.rows);
}
