/** A view of the keyword report as a downloaded file, with its row in the audit trail. */

import { audit, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { viewCsv } from "./csv.ts";
import { viewReport } from "./read.ts";
import type { View } from "./view.ts";

/** All rows of the view as CSV, for managers and analysts. Data that leaves the product is recorded in the audit trail. */
export async function exportKeywords(staff: Staff, view: View): Promise<string> {
  const { found } = await viewReport(staff, view);
  await audit(db, staff, "export", "keywords", null, { ...view.period, by: view.by, rows: found.length });
  return viewCsv(found, view);
}
