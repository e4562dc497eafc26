/** Sums up rows that strangers can make: anybody can send keywords, campaigns and links without end. */

import { addCounts, type Counts, noCounts } from "#analytics/landings/counts.ts";
import type { GroupRow } from "./groups.ts";

/** Counts of the rows that are not shown one by one. */
export interface RestRow extends Counts {
  rows: number;
}

/** Most rows shown one by one that no import knows. */
const maxUnlisted = 50;

const isOpen = ({ kind }: GroupRow) => kind === "unlisted" || kind === "link";

/** The rows in their order, without those beyond `maxUnlisted` that no import knows, and the sum of these. */
export function fold(rows: GroupRow[]): { rows: GroupRow[]; rest?: RestRow } {
  const rest: RestRow = { rows: 0, ...noCounts };
  let open = 0;
  const shown = rows.filter((row) => {
    if (!isOpen(row) || ++open <= maxUnlisted) return true;
    rest.rows++;
    addCounts(rest, row);
    return false;
  });
  return rest.rows > 0 ? { rows: shown, rest } : { rows: shown };
}
