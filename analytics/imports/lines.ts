/** The rows of a file as lines of the tables. */

import { sql } from "drizzle-orm";
import type { AdsRow } from "#analytics/ad-files/bid.ts";
import { exactDecimal } from "#analytics/money.ts";
import type { Executor } from "#db/client.ts";
import type { AdReport } from "#db/terms/attribution.ts";

/**
 * Inserts rows with the ids of their bids. Lines of a day count until recount says otherwise: they are the newest, so
 * few of them will be changed again.
 */
export async function insertLines(
  tx: Executor,
  report: AdReport,
  importNo: number,
  rows: AdsRow[],
  bidIds: number[],
): Promise<void> {
  const lines = rows.map(({ from, to, device, impressions, clicks, cost, conversions, term = "" }, at) => ({
    ...{ b: bidIds[at], f: from, t: to, d: device, i: impressions, k: clicks, c: exactDecimal(cost), v: conversions },
    ...(report === "search_terms" && { s: term }),
  }));
  const isTerms = report === "search_terms";
  await tx.execute(sql`
    insert into ${sql.raw(isTerms ? "search_terms" : "ad_spend")} (import_no, bid_id, date_from, date_to, device, impressions,
      clicks, cost, conversions, counted ${isTerms ? sql`, term` : sql``})
    select ${importNo}::integer, b, f, t, d, i, k, c, v, f = t ${isTerms ? sql`, coalesce(s, '')` : sql``}
    from json_to_recordset(${JSON.stringify(lines)}::json) as l(b integer, f date, t date, d text, i integer, k integer,
      c numeric, v numeric, s text)`);
}
