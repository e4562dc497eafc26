/** Searching, sorting and turning the pages of the report's rows. */

import { fewerThan } from "#analytics/intervals.ts";
import { rateOf } from "#analytics/keywords/rates.ts";
import { certain, type CostSum } from "#analytics/keywords/sums.ts";
import type { GroupRow } from "./groups.ts";
import type { ReportColumn, View } from "./view.ts";

/** Rows of a page. */
export const pageSize = 100;

/** Spelling that makes no difference to a search: width, case, kinds of blanks. */
const folded = (text: string) => text.normalize("NFKC").toLowerCase();

/** The rows whose names hold each of the words. */
export function searchRows(rows: GroupRow[], q: string): GroupRow[] {
  const words = folded(q).split(/\s+/u).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter(({ name, campaign, adGroup, account }) => {
    const names = folded([name, campaign, adGroup, account].join("\n"));
    return words.every((word) => names.includes(word));
  });
}

/**
 * The rows by a column. Rows without a figure stand last in both directions, and so do rates and costs each of too
 * few: one lucky consultation would rank above thirty. Equal ones keep the order they came in.
 */
export function sortRows(rows: GroupRow[], { sort, dir }: Pick<View, "sort" | "dir">): GroupRow[] {
  if (sort === undefined) return rows;
  const main = mainCurrency(rows);
  const keyed = rows.map((row) => ({ row, key: sortKey(row, sort, main) }));
  const sign = dir === "asc" ? 1 : -1;
  return keyed
    .toSorted(({ key: a }, { key: b }) => {
      if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
      return a < b ? -sign : a > b ? sign : 0;
    })
    .map(({ row }) => row);
}

/** The currency of most rows: amounts of two are never compared. */
function mainCurrency(rows: GroupRow[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { currency } of rows.flatMap(({ costs }) => costs)) counts.set(currency, (counts.get(currency) ?? 0) + 1);
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

const figures = {
  impressions: (row: GroupRow) => row.impressions,
  clicks: (row: GroupRow) => row.adClicks,
  landings: (row: GroupRow) => row.landings,
  forms: (row: GroupRow) => row.formsOpened,
  downloads: (row: GroupRow) => row.downloads,
  subscriptions: (row: GroupRow) => row.subscriptions,
  consultations: (row: GroupRow) => row.consultations,
  people: (row: GroupRow) => row.people,
  first: (row: GroupRow) => row.firstConsultations,
  rate: ({ people, landings }: GroupRow) =>
    people >= fewerThan && rateOf(people, landings) ? people / landings : undefined,
} as const satisfies Partial<Record<ReportColumn, (row: GroupRow) => number | undefined>>;

function sortKey(row: GroupRow, sort: ReportColumn, main: string | undefined): number | string | undefined {
  if (sort === "name") return folded(row.name);
  if (sort !== "cost" && sort !== "each") return figures[sort](row);
  const sum = row.costs.find(({ currency }) => currency === main);
  if (!sum) return undefined;
  return sort === "cost" ? Number(sum.cost) : eachKey(sum);
}

const eachKey = (sum: CostSum) => (certain(sum) < fewerThan ? undefined : Number(sum.cost) / certain(sum));

/** One page of rows; a number beyond the last gives the last. */
export function pageOf<T>(rows: T[], wanted: number): { rows: T[]; page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const page = Math.min(wanted, pages);
  return { rows: rows.slice((page - 1) * pageSize, page * pageSize), page, pages };
}
