/**
 * The one rule by which small counts are withheld, in results of surveys and in the numbers of a quarter: whoever knows
 * the area may tell from a small count who it is. The threshold is the setting `publish_threshold`.
 */

import type { PublishedCount } from "#db/terms/small-counts.ts";

/** Whether a count is not told. 0 tells of nobody. */
export const isSmall = (count: number, threshold: number): boolean => count > 0 && count < threshold;

/** A count of all. */
export const withholdTotal = (count: number, threshold: number): PublishedCount =>
  isSmall(count, threshold) ? "few" : count;

/**
 * A count among `of`, which are told and not small: withheld where it is small, and where those that are left are, so
 * that it could as well be any other small count. Of 11 with a threshold of 10, "nearly all" could be 10 alone: where
 * both words have not room for every small count, neither is said.
 */
export function withholdCount(count: number, of: number, threshold: number): PublishedCount {
  if (count === 0 || count === of) return count;
  if (of < 2 * threshold - 1) return "withheld";
  if (isSmall(count, threshold)) return "few";
  return isSmall(of - count, threshold) ? "nearly_all" : count;
}
