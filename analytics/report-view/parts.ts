/** Landings and leads by device or by landing page, with the cost by device where files state it. */

import { groupByLine, type ReportLines } from "#analytics/keywords/report.ts";
import { byWeight } from "#analytics/keywords/rows.ts";
import { addCost, type CostSum, costSumsOf, sortCosts, totalsOf } from "#analytics/keywords/sums.ts";
import { noCounts } from "#analytics/landings/counts.ts";
import { consultationsByDevice, countLandingsBy, type PartCounts } from "#analytics/landings/landings.ts";
import type { Period } from "#analytics/period.ts";
import { type DeviceSpend, spendByDevice } from "#analytics/spend/devices.ts";
import { device } from "#db/terms/attribution.ts";
import { codes } from "#db/terms/codes.ts";
import type { GroupRow } from "./groups.ts";

/** The rows of a period by landing page, in the order they are shown. No file states a cost by page. */
export async function groupByPage(period: Period): Promise<GroupRow[]> {
  return (await countLandingsBy("page", period)).map((counts) => partRow("page", counts)).toSorted(byWeight);
}

/**
 * The rows of a period by device. What files state by device and day stands in the rows of devices, all else in the
 * row of those unknown, so that the sums are those of the other groupings. Consultations are those of a currency's cost
 * only where all of this cost is known by device: otherwise a part of the cost would be divided by all of them.
 */
export async function groupByDevice({ period, rows: lines }: ReportLines): Promise<GroupRow[]> {
  const [counts, spend, asked] = await Promise.all([
    countLandingsBy("device", period),
    spendByDevice(period),
    consultationsByDevice(period),
  ]);
  const rows = new Map(counts.map((part) => [part.from ?? part.value, partRow("device", part)]));
  const all = lines.map(({ line }) => line);
  const rest = restOf(totalsOf(lines.map(({ row }) => row)), costSumsOf(all), spend);
  for (const code of codes(device)) {
    const own = spend.filter((one) => one.device === code);
    if (own.length === 0) continue;
    const joined = await groupByLine(
      all.flatMap(({ line }) => line ?? []),
      asked.filter(({ value }) => value === code),
    );
    const consultations = costSumsOf(joined).filter(({ currency }) => !rest.costs.has(currency));
    const row = rows.get(code) ?? partRow("device", { ...noCounts, value: code });
    const isPart = rest.costs.size > 0 && { isUndivided: true, note: partlyKnown };
    rows.set(code, { ...row, ...figuresOf(own, consultations), ...isPart });
  }
  if (rest.impressions > 0 || rest.adClicks > 0 || rest.costs.size > 0) {
    const row = rows.get(null) ?? partRow("device", { ...noCounts, value: null });
    const note = spend.length > 0 ? unknownPart : unknownWhole;
    const { impressions, adClicks } = rest;
    rows.set(null, { ...row, impressions, adClicks, costs: sortCosts(rest.costs), isUndivided: true, note });
  }
  return [...rows.values()].toSorted(byWeight);
}

const partlyKnown = "費用は、端末別に分かる日の分だけです。1件あたりの費用は出せません。";
const unknownPart = "端末別に分からない費用です。";
const unknownWhole = "費用は端末別に分かりません。";

/** What all lines were shown, clicked and cost, without what is known by device. Costs of 0 are left out. */
function restOf(
  totals: { impressions: number; adClicks: number },
  costs: CostSum[],
  spend: DeviceSpend[],
): { impressions: number; adClicks: number; costs: Map<string, CostSum> } {
  const rest = { impressions: totals.impressions, adClicks: totals.adClicks, costs: new Map<string, CostSum>() };
  for (const { currency, cost } of costs) addCost(rest.costs, { ...noConsultations, currency, cost });
  for (const { currency, impressions, clicks, cost } of spend) {
    rest.impressions -= impressions;
    rest.adClicks -= clicks;
    addCost(rest.costs, { ...noConsultations, currency, cost: -cost });
  }
  for (const [currency, { cost }] of rest.costs) if (cost === 0n) rest.costs.delete(currency);
  return rest;
}

const noConsultations = { consultations: 0, doubtful: 0 };

function figuresOf(
  spend: DeviceSpend[],
  consultations: CostSum[],
): Pick<GroupRow, "impressions" | "adClicks" | "costs"> {
  const costs = new Map<string, CostSum>();
  for (const { currency, cost } of spend) addCost(costs, { ...noConsultations, currency, cost });
  for (const sum of consultations) if (costs.has(sum.currency)) addCost(costs, { ...sum, cost: 0n });
  return {
    impressions: spend.reduce((sum, { impressions }) => sum + impressions, 0),
    adClicks: spend.reduce((sum, { clicks }) => sum + clicks, 0),
    costs: sortCosts(costs),
  };
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
