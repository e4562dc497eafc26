/**
 * Pairwise testing: few of all combinations, in which any two values still meet that can meet at all. Most faults need
 * one condition or two that come together; the product of all of them grows beyond what a run can look at.
 */

/** One combination: a value for each factor. */
type Row = Readonly<Record<string, string | number>>;

/** The pairs of values that meet in a row, each with its factors: the same number may be a width and a size. */
function pairsIn(row: Row): string[] {
  const values = Object.entries(row).map((entry) => JSON.stringify(entry));
  return values.flatMap((one, at) => values.slice(at + 1).map((other) => `${one} ${other}`));
}

/**
 * Of the rows, which are all combinations that exist, a part in which every pair of values occurs that occurs in any of
 * them. Greedy: always the row with the most pairs that are still missing, the first of equals; the same rows in the same
 * order have the same part.
 */
export function coveringSet<R extends Row>(rows: readonly R[]): R[] {
  const numbers = new Map<string, number>();
  const numberOf = (pair: string) => numbers.get(pair) ?? numbers.set(pair, numbers.size).size - 1;
  const waiting = rows.map((row) => ({ row, pairs: pairsIn(row).map(numberOf) }));
  const isCovered = new Uint8Array(numbers.size);
  const missingOf = ({ pairs }: (typeof waiting)[number]) =>
    pairs.reduce((sum, pair) => sum + (isCovered[pair] === 1 ? 0 : 1), 0);
  const chosen: R[] = [];
  for (;;) {
    let [best, most] = [waiting[0], 0];
    for (const candidate of waiting) {
      const missing = missingOf(candidate);
      if (missing > most) [best, most] = [candidate, missing];
    }
    if (best === undefined || most === 0) return chosen;
    for (const pair of best.pairs) isCovered[pair] = 1;
    chosen.push(best.row);
  }
}
