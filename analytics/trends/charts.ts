/** What the page of drawings shows of a view. */

import { readReport } from "#analytics/report-view/read.ts";
import type { View } from "#analytics/report-view/view.ts";
import { allow, type Staff } from "#db/actor.ts";
import { costPoints } from "./cost-points.ts";
import { type FunnelStep, funnelOf } from "./funnel.ts";
import { readTrend, type Trend } from "./trend.ts";

export interface Charts {
  trend: Trend;
  /** By currency, of the rows that the view's search found. */
  costs: ReturnType<typeof costPoints>;
  funnel: FunnelStep[];
}

/** For managers and analysts: aggregates only. Throws Forbidden for others. */
export async function viewCharts(staff: Staff, view: View): Promise<Charts> {
  allow(staff, "manager", "analyst");
  const { found, summary } = await readReport({ ...view, compare: undefined });
  return { trend: await readTrend(view), costs: costPoints(found), funnel: funnelOf(summary.fromAds) };
}
