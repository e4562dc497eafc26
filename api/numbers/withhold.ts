/** From what was counted to what is published, so that no small number can be had from it, by subtraction neither. */

import { isSmall, withholdCount, withholdTotal } from "#api/small-counts/withhold.ts";
import type { QuarterNumbers } from "#db/terms/published-numbers.ts";
import type { CountedNumbers } from "./count.ts";

/**
 * Every number is told by itself or of the consultations, by the one rule; how many were promised an
 * answer, or got one, is told nowhere, since the few others could be had from it.
 */
export function withholdNumbers(
  { consultations, guides, inTime, answerDays }: CountedNumbers,
  threshold: number,
  since: string | null = null,
): QuarterNumbers {
  const isTold = consultations > 0 && !isSmall(consultations, threshold);
  return {
    ...{ threshold, since },
    consultations: withholdTotal(consultations, threshold),
    guides: withholdTotal(guides, threshold),
    inTime: isTold ? withholdCount(inTime, consultations, threshold) : "withheld",
    halfWithinDays: isTold && answerDays.length >= threshold ? halfWithin(answerDays) : null,
  };
}

/** The smallest number of days within which at least half were answered. */
const halfWithin = (days: readonly number[]): number =>
  days.toSorted((a, b) => a - b)[Math.ceil(days.length / 2) - 1] ?? 0;
