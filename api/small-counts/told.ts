/**
 * The one rule by which small counts are withheld, in results of surveys and in the numbers of a quarter: whoever knows
 * the area may tell from a small count who it is. The threshold is the setting `publish_threshold`.
 */

import type { ToldCount } from "#db/terms/small-counts.ts";

/** Whether a count is not told. 0 tells of nobody. */
export const isSmall = (count: number, threshold: number): boolean => count > 0 && count < threshold;

/** A count among `of` that are told as well: withheld where it is small, and where those that are left are. */
export function toldCount(count: number, of: number, threshold: number): ToldCount {
  if (isSmall(count, threshold)) return "few";
  return isSmall(of - count, threshold) ? "nearly_all" : count;
}
