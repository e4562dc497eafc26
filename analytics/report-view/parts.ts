/** Landings and leads by device or by landing page. No import states a cost for these. */

import { byWeight } from "#analytics/keywords/rows.ts";
import { countLandingsBy, type PartCounts } from "#analytics/landings/landings.ts";
import type { Period } from "#analytics/period.ts";
import { device } from "#db/terms/attribution.ts";
import type { GroupRow } from "./groups.ts";

/** The rows of a period, in the order they are shown. Their sums are those of the other groupings. */
export async function groupParts(by: "device" | "page", period: Period): Promise<GroupRow[]> {
  const rows = (await countLandingsBy(by, period)).map((counts) => partRow(by, counts));
  return rows.toSorted(byWeight);
}

function partRow(by: "device" | "page", { value, from, ...counts }: PartCounts): GroupRow {
  const kind = from ?? (value === null ? "missing" : "keyword");
  return {
    ...counts,
    ...{ kind, campaign: "", adGroup: "", keyword: "", costs: [] },
    key: JSON.stringify([by, from, value]),
    name: nameOf(by, value, from),
  };
}

function nameOf(by: "device" | "page", value: string | null, from: PartCounts["from"]): string {
  if (from === "older") return "以前の広告";
  if (from === "elsewhere") return "広告以外・不明";
  if (by === "page") return value ?? "ないページ（404）";
  return value === null ? "端末の情報なし" : (device[value as keyof typeof device] ?? value);
}
