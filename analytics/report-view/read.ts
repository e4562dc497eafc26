/** One view of the report: its rows, what they are compared with, and their sums. */

import { readLines, type ReportLines, type ReportSummary, summaryOf } from "#analytics/keywords/report.ts";
import { addCost, type CostSum, costSumsOf, sortCosts, type Totals, totalsOf } from "#analytics/keywords/sums.ts";
import type { Period } from "#analytics/period.ts";
import { type ImportLine, listImports } from "#analytics/spend/imports.ts";
import { allow, type Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { fold, type RestRow } from "./fold.ts";
import { type GroupRow, groupLines } from "./groups.ts";
import { groupByDevice, groupByPage } from "./parts.ts";
import { comparedWith } from "./periods.ts";
import { type Remainder, remaindersOf } from "./remainder.ts";
import { pageOf, searchRows, sortRows } from "./table.ts";
import type { Grouping, View } from "./view.ts";

/** A row with the same row of the period it is compared with; absent where that period has none. */
export interface ViewRow extends GroupRow {
  was?: GroupRow;
}

/** Sums of rows. */
export interface RowSums {
  rows: number;
  totals: Totals;
  costs: CostSum[];
}

export interface ViewReport {
  summary: ReportSummary;
  /** By currency, with the consultations of the lines that have it; the same in every grouping. */
  costs: CostSum[];
  /** All rows that the search found, sorted. */
  found: ViewRow[];
  /** Of these, the page that is shown; and the sum of rows that no page shows, without a search. */
  shown: { rows: ViewRow[]; page: number; pages: number; rest?: RestRow };
  sums: RowSums;
  /** Of the rows found; absent without a search. */
  foundSums?: RowSums;
  /** Absent without a comparison. */
  compared?: { period: Period; summary: ReportSummary; costs: CostSum[]; sums: RowSums; gone: RowSums };
  remainders: Remainder[];
  imports: ImportLine[];
}

/** For managers and analysts: aggregates only. Throws Forbidden for others. */
export async function viewReport(staff: Staff, view: View, now = new Date()): Promise<ViewReport> {
  allow(staff, "manager", "analyst");
  return readReport(view, now);
}

/** The view without a check of the role, for the administrator's command line. */
export async function readReport(view: View, now = new Date()): Promise<ViewReport> {
  const other = view.compare && comparedWith(view.compare, view.period, dayOf(now));
  const [{ summary, costs, rows: plain }, before, imports] = await Promise.all([
    readRows(view.by, view.period),
    other && readRows(view.by, other),
    listImports(),
  ]);
  const earlier = new Map(before?.rows.map((row) => [row.key, row]));
  const rows = plain.map((row): ViewRow => (earlier.has(row.key) ? { ...row, was: earlier.get(row.key) } : row));
  const isSearch = view.q !== "";
  const found = sortRows(searchRows(rows, view.q), view);
  // Which rows are folded is decided in the order of their weight, so that another order does not bring them back.
  const folded = isSearch ? { rows: found } : fold(rows);
  const present = new Set(rows.map(({ key }) => key));
  return {
    summary,
    costs,
    found,
    shown: { ...pageOf(isSearch ? found : sortRows(folded.rows, view), view.page), rest: folded.rest },
    sums: sumsOf(rows),
    ...(isSearch ? { foundSums: sumsOf(found) } : {}),
    ...(other && before
      ? {
          compared: {
            period: other,
            summary: before.summary,
            costs: before.costs,
            sums: sumsOf(before.rows),
            gone: sumsOf(before.rows.filter(({ key }) => !present.has(key))),
          },
        }
      : {}),
    remainders: remaindersOf(imports, view.period),
    imports,
  };
}

async function readRows(
  by: Grouping,
  period: Period,
): Promise<{ summary: ReportSummary; costs: CostSum[]; rows: GroupRow[] }> {
  const lines = await readLines(period);
  return {
    summary: summaryOf(lines),
    costs: costSumsOf(lines.rows.map(({ line }) => line)),
    rows: await groupedRows(by, lines),
  };
}

async function groupedRows(by: Grouping, lines: ReportLines): Promise<GroupRow[]> {
  if (by === "page") return groupByPage(lines.period);
  if (by === "device") return groupByDevice(lines);
  return groupLines(by, lines.rows);
}

/** What rows add up to. */
export function sumsOf(rows: GroupRow[]): RowSums {
  const costs = new Map<string, CostSum>();
  for (const cost of rows.flatMap((row) => row.costs)) addCost(costs, cost);
  return { rows: rows.length, totals: totalsOf(rows), costs: sortCosts(costs) };
}
