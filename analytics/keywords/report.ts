/** Which keywords led to consultations, and what each cost. */

import { percentOf } from "#analytics/ad-files/coverage.ts";
import { unlistedLine } from "#analytics/clicks/listed-keywords.ts";
import { countLandings, type LandingCounts, noCounts } from "#analytics/landings/landings.ts";
import type { Period } from "#analytics/period.ts";
import { type ImportLine, listImports } from "#analytics/spend/imports.ts";
import { type Join, joinOf, LineIndex, mergeEqualLines, type Source } from "#analytics/spend/join.ts";
import { spendIn, type SpendLine } from "#analytics/spend/spend.ts";
import { inSteps, sortInSteps } from "#analytics/steps.ts";
import { allow, type Staff } from "#db/actor.ts";
import { fold, type RestTotals } from "./fold.ts";
import { byWeight, type CountedLine, type KeywordRow, rowOf, type RowWithLine } from "./rows.ts";
import { addCounts, costsOf, type CurrencyTotal, type Totals, totalsOf } from "./sums.ts";

export interface KeywordReport {
  period: Period;
  /** All of them, for files. */
  rows: KeywordRow[];
  /** The rows shown one by one, and the totals of the others. */
  screen: { rows: KeywordRow[]; rests: RestTotals[] };
  totals: Totals;
  costs: CurrencyTotal[];
  /** Per cent of impressions that were clicked, and of landings from advertisements that wrote to us (`people`). */
  rates: { clicked?: number; wrote?: number };
  notes: string[];
  leftOut: string[];
  imports: ImportLine[];
}

/** For managers and analysts: aggregates only. The period's days are those of Asia/Tokyo, both included. */
export async function keywordReport(staff: Staff, period: Period): Promise<KeywordReport> {
  allow(staff, "manager", "analyst");
  return reportKeywords(period);
}

/** The report without a check of the role, for the administrator's command line. */
export async function reportKeywords(period: Period): Promise<KeywordReport> {
  const [{ lines, notes, leftOut }, landings, imports] = await Promise.all([
    spendIn(period),
    countLandings(period),
    listImports(),
  ]);
  const counted = await groupByLine(await mergeEqualLines(lines), landings);
  const unsorted: RowWithLine[] = [];
  await inSteps(counted, (line) => unsorted.push({ line, row: rowOf(line) }));
  const sorted = await sortInSteps(unsorted, (a, b) => byWeight(a.row, b.row));
  const rows = sorted.map(({ row }) => row);
  const totals = totalsOf(rows);
  const fromAds = totalsOf(rows.filter(({ kind }) => kind !== "elsewhere" && kind !== "older" && kind !== "link"));
  return {
    period,
    rows,
    screen: await fold(sorted),
    totals,
    costs: costsOf(counted),
    rates: {
      clicked: percentOf(totals.adClicks, totals.impressions),
      wrote: percentOf(fromAds.people, fromAds.landings),
    },
    notes,
    leftOut,
    imports,
  };
}

/** All lines of cost, each with the landings and leads joined to it, and lines for those that join none. */
async function groupByLine(lines: SpendLine[], landings: LandingCounts[]): Promise<CountedLine[]> {
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
  const campaigns = new Map<string, string>();
  const adGroups = new Map<string, string>();
  for (const { campaignId, campaign, adGroupId, adGroup } of lines) {
    if (campaignId !== undefined && campaign !== "") campaigns.set(campaignId, campaign);
    if (adGroupId !== undefined && adGroup !== "") adGroups.set(adGroupId, adGroup);
  }
  return ({ campaignId = "", adGroupId = "", platform }) =>
    platform === undefined ? { campaign: campaigns.get(campaignId), adGroup: adGroups.get(adGroupId) } : undefined;
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
