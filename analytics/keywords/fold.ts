/** What of a long keyword report goes on a screen. */

import { inSteps } from "#analytics/steps.ts";
import type { RowOf } from "./rows.ts";
import { costsOf, type CurrencyTotal, type Totals, totalsOf } from "./sums.ts";

/** The sums of lines that are not shown one by one. */
export interface Rest extends Totals {
  /** Of no export, as strangers can send them without end; or else lines of cost. */
  isUnlisted: boolean;
  /** Different words in these lines. */
  words: number;
  costs: CurrencyTotal[];
}

/** Lines shown one by one: more would be no table to read, and strangers must not decide how long it is. */
const most = { listed: 200, unlisted: 50 };

/** The first lines, given in the order they are shown, and the sums of the rest. Nothing is left out of the sums. */
export async function fold(sorted: RowOf[]): Promise<{ rows: RowOf["row"][]; rests: Rest[] }> {
  const rows: RowOf["row"][] = [];
  const folded: { listed: RowOf[]; unlisted: RowOf[] } = { listed: [], unlisted: [] };
  const shown = { listed: 0, unlisted: 0 };
  await inSteps(sorted, (one) => {
    const kind = one.row.kind === "unlisted" ? "unlisted" : "listed";
    if (shown[kind]++ < most[kind] || one.row.kind === "missing" || one.row.kind === "elsewhere") rows.push(one.row);
    else folded[kind].push(one);
  });
  const rests = [await restOf(folded.listed, false), await restOf(folded.unlisted, true)];
  return { rows, rests: rests.filter(({ words }) => words > 0) };
}

async function restOf(folded: RowOf[], isUnlisted: boolean): Promise<Rest> {
  const words = new Set<string>();
  await inSteps(folded, ({ row }) => words.add(row.keyword));
  return {
    isUnlisted,
    words: words.size,
    ...totalsOf(folded.map(({ row }) => row)),
    costs: costsOf(folded.map(({ from }) => from)),
  };
}
