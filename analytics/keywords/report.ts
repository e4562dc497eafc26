/** Which keywords led to consultations, and what each cost. */

import { percentOf } from "#analytics/ad-files/coverage.ts";
import { unlistedLine } from "#analytics/clicks/listed-keywords.ts";
import { addCounts, noCounts } from "#analytics/landings/counts.ts";
import { countLandings, type LandingCounts } from "#analytics/landings/landings.ts";
import type { Period } from "#analytics/period.ts";
import { type ImportLine, listImports } from "#analytics/spend/imports.ts";
import { type Join, joinOf, LineIndex, mergeEqualLines, type Source } from "#analytics/spend/join.ts";
import { spendIn, type SpendLine } from "#analytics/spend/spend.ts";
import { inSteps, sortInSteps } from "#analytics/steps.ts";
import { allow, type Staff } from "#db/actor.ts";
import { type Rate, rateOf } from "./rates.ts";
import { byWeight, type CountedLine, type KeywordRow, rowOf, type RowWithLine } from "./rows.ts";
import { costsOf, type CurrencyTotal, type Totals, totalsOf } from "./sums.ts";

export interface KeywordReport extends ReportSummary {
  rows: KeywordRow[];
  imports: ImportLine[];
}

/** What a report says of a period as a whole. */
export interface ReportSummary {
  period: Period;
  totals: Totals;
  /** Of these, what advertisements that we know of led to. */
  fromAds: Totals;
  costs: CurrencyTotal[];
  /** Per cent of impressions that were clicked, and of landings from advertisements that wrote to us (`people`). */
  rates: { clicked?: number; wrote?: number };
  /** The same with their intervals. */
  intervals: { clicked?: Rate; wrote?: Rate };
  notes: string[];
  leftOut: string[];
}

/** For managers and analysts: aggregates only. The period's days are those of Asia/Tokyo, both included. */
export async function keywordReport(staff: Staff, period: Period): Promise<KeywordReport> {
  allow(staff, "manager", "analyst");
  return reportKeywords(period);
}

/** The report without a check of the role, for the administrator's command line. */
export async function reportKeywords(period: Period): Promise<KeywordReport> {
  const [lines, imports] = await Promise.all([readLines(period), listImports()]);
  return { ...summaryOf(lines), rows: lines.rows.map(({ row }) => row), imports };
}

/** The lines of a period in the order they are shown, with what is to be said about its cost. */
export interface ReportLines extends Pick<KeywordReport, "period" | "notes" | "leftOut"> {
  rows: RowWithLine[];
}

/** Reads the lines of cost of a period and counts landings and leads by them. */
export async function readLines(period: Period): Promise<ReportLines> {
  const [{ lines, notes, leftOut }, landings] = await Promise.all([spendIn(period), countLandings(period)]);
  const unsorted: RowWithLine[] = [];
  await inSteps(await groupByLine(await mergeEqualLines(lines), landings), (line) =>
    unsorted.push({ line, row: rowOf(line) }),
  );
  return { period, notes, leftOut, rows: await sortInSteps(unsorted, (a, b) => byWeight(a.row, b.row)) };
}

/** Whether an advertisement that we know of led to what a row counts. */
const isFromAd = ({ kind }: KeywordRow): boolean => kind !== "elsewhere" && kind !== "older" && kind !== "link";

/** All but the rows of a report. */
export function summaryOf({ period, notes, leftOut, rows }: ReportLines): ReportSummary {
  const totals = totalsOf(rows.map(({ row }) => row));
  const fromAds = totalsOf(rows.flatMap(({ row }) => (isFromAd(row) ? [row] : [])));
  return {
    period,
    totals,
    fromAds,
    costs: costsOf(rows.map(({ line }) => line)),
    rates: {
      clicked: percentOf(totals.adClicks, totals.impressions),
      wrote: percentOf(fromAds.people, fromAds.landings),
    },
    intervals: {
      clicked: rateOf(totals.adClicks, totals.impressions),
      wrote: rateOf(fromAds.people, fromAds.landings),
    },
    notes,
    leftOut,
  };
}

/** All lines of cost, each with the landings and leads joined to it, and lines for those that join none. */
export async function groupByLine(lines: SpendLine[], landings: LandingCounts[]): Promise<CountedLine[]> {
  const index = new LineIndex();
  const byLine = new Map<SpendLine, CountedLine>();
  await inSteps(lines, (line) => {
    index.add(line);
    byLine.set(line, { kind: "keyword", line, ...noCounts });
  });
  const helpers = { numberOf: lineNumbers(), namesOf: campaignNames(lines) };
  const others = new Map<string, CountedLine>();
  await inSteps(landings, (counts) => {
    const join = counts.source && joinOf(counts.source, index);
    const line = join && "line" in join ? byLine.get(join.line) : undefined;
    addCounts(line ?? otherOf(others, counts.source, join, helpers), counts);
  });
  return [...byLine.values(), ...others.values()];
}

/** What the lines call the campaign and the ad group that a landing names by id. */
function campaignNames(lines: SpendLine[]): (source: Source) => CountedLine["names"] {
  const campaigns = new Map<string, SpendLine>();
  const adGroups = new Map<string, SpendLine>();
  for (const line of lines) {
    if (line.campaignId !== undefined && line.campaign !== "") campaigns.set(line.campaignId, line);
    if (line.adGroupId !== undefined && line.adGroup !== "") adGroups.set(line.adGroupId, line);
  }
  return ({ campaignId = "", adGroupId = "", platform }) => {
    if (platform !== undefined) return undefined;
    const [ofCampaign, ofAdGroup] = [campaigns.get(campaignId), adGroups.get(adGroupId)];
    return { campaign: ofCampaign?.campaign, adGroup: ofAdGroup?.adGroup, ofCampaign, ofAdGroup };
  };
}

/** A number for each line, equal for lines of the same name, so that lists of thousands of candidates are compared quickly. */
function lineNumbers(): (line: SpendLine) => number {
  const known = new WeakMap<SpendLine, number>();
  const numbers = new Map<string, number>();
  return (line) => {
    const found = known.get(line);
    if (found !== undefined) return found;
    const { account, campaign, adGroup, keywordId, keyword, matchType } = line;
    const name = JSON.stringify([account, campaign, adGroup, keywordId, keyword, matchType]);
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    known.set(line, number);
    return number;
  };
}

function otherOf(
  others: Map<string, CountedLine>,
  source: Source | undefined,
  join: Join,
  { numberOf, namesOf }: { numberOf: (line: SpendLine) => number; namesOf: (source: Source) => CountedLine["names"] },
): CountedLine {
  const candidates = join && "candidates" in join ? join.candidates : undefined;
  const kind = kindOf(source, candidates);
  const names = source && namesOf(source);
  const same: Record<Exclude<KeywordRow["kind"], "keyword">, unknown[]> = {
    elsewhere: [],
    older: [],
    link: [source?.utmSource, source?.utmMedium],
    // Of a campaign that no import knows the name could be anybody's invention.
    missing: [source?.platform, source?.keywordMissing, names?.campaign && source?.campaignId],
    ambiguous: [candidates?.map(numberOf).join()],
    unlisted: [source && unlistedLine(source)],
  };
  const key = JSON.stringify([kind, ...same[kind]]);
  const found = others.get(key) ?? {
    ...{ kind, candidates, names },
    source: kind === "missing" && names?.campaign === undefined ? { ...source, campaignId: undefined } : source,
    ...noCounts,
  };
  others.set(key, found);
  return found;
}

function kindOf(
  source: Source | undefined,
  candidates: SpendLine[] | undefined,
): Exclude<KeywordRow["kind"], "keyword"> {
  if (!source) return "elsewhere";
  if (source.kind !== undefined) return source.kind;
  if (candidates) return "ambiguous";
  return source.keyword === undefined ? "missing" : "unlisted";
}
