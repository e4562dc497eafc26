/** Truncates a long keyword report for the screen, and sums up the rows that are not shown. */

import { inSteps } from "#analytics/steps.ts";
import type { RowWithLine } from "./rows.ts";
import { costsOf, type CurrencyTotal, type Totals, totalsOf } from "./sums.ts";

/** Totals of the rows that are not shown one by one. */
export interface RestTotals extends Totals {
  /** Rows whose keyword is in no import, and tagged links, which anybody can send without end; otherwise rows with a cost. */
  isUnlisted: boolean;
  /** Number of different keywords in these rows. */
  words: number;
  costs: CurrencyTotal[];
}

/** Most rows shown one by one: a longer table cannot be read, and strangers must not decide how long it is. */
const maxRows = { listed: 200, unlisted: 50 };

/** Kinds of which there are never many. */
const alwaysShown: ReadonlySet<RowWithLine["row"]["kind"]> = new Set(["missing", "older", "elsewhere"]);

/** The first lines, given in the order they are shown, and the sums of the rest. Nothing is left out of the sums. */
export async function fold(sorted: RowWithLine[]): Promise<{ rows: RowWithLine["row"][]; rests: RestTotals[] }> {
  const rows: RowWithLine["row"][] = [];
  const folded: { listed: RowWithLine[]; unlisted: RowWithLine[] } = { listed: [], unlisted: [] };
  const shown = { listed: 0, unlisted: 0 };
  await inSteps(sorted, (one) => {
    const isOpen = one.row.kind === "unlisted" || one.row.kind === "link";
    const kind = isOpen ? "unlisted" : "listed";
    if (shown[kind]++ < maxRows[kind] || alwaysShown.has(one.row.kind)) rows.push(one.row);
    else folded[kind].push(one);
  });
  const rests = [await restOf(folded.listed, false), await restOf(folded.unlisted, true)];
  return { rows, rests: rests.filter(({ words }) => words > 0) };
}

async function restOf(folded: RowWithLine[], isUnlisted: boolean): Promise<RestTotals> {
  const words = new Set<string>();
  await inSteps(folded, ({ row }) => words.add(row.keyword));
  return {
    isUnlisted,
    words: words.size,
    ...totalsOf(folded.map(({ row }) => row)),
    costs: costsOf(folded.map(({ line }) => line)),
  };
}
