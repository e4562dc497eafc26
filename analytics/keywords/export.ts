/** The keyword report as a downloaded file, with its row in the audit trail. */

import type { Period } from "#analytics/period.ts";
import { audit, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { keywordCsv } from "./csv.ts";
import { keywordReport } from "./report.ts";

/** The report as CSV for managers and analysts. Data that leaves the product is recorded in the audit trail. */
export async function exportKeywords(staff: Staff, period: Period): Promise<string> {
  const report = await keywordReport(staff, period);
  await audit(db, staff, "export", "keywords", null, { ...period, rows: report.rows.length });
  return keywordCsv(report.rows);
}
