/** The numbers of a quarter as the page writes them. */

import { groupThousands } from "#analytics/money.ts";
import type { Locale } from "#db/terms/locale.ts";
import type { QuarterNumbers } from "#db/terms/published-numbers.ts";
import { monthsOf } from "#db/terms/quarters.ts";
import type { PublishedCount } from "#db/terms/small-counts.ts";
import { wordsIn } from "#db/words/words.ts";

/** The least that "nearly all" of `of` may be. */
const leastOf = (of: PublishedCount, threshold: number): number =>
  typeof of === "number" ? of - threshold + 1 : threshold;

/** A count among `of`, or the words for one that is not told. */
export function publishedCountText(
  locale: Locale,
  count: PublishedCount,
  of: PublishedCount,
  threshold: number,
): string {
  const say = wordsIn(locale).numbers;
  if (count === "withheld") return say.withheld;
  if (count === "few") return say.few(threshold);
  return count === "nearly_all"
    ? say.atLeast(groupThousands(leastOf(of, threshold)))
    : say.count(groupThousands(count));
}

/** Per cent of `of` that the words for `count` say for certain, 0 to 100; undefined where they say nothing. */
export function lengthOf(count: PublishedCount, of: PublishedCount, threshold: number): number | undefined {
  if (typeof of !== "number" || of === 0 || count === "few" || count === "withheld") return undefined;
  return (100 * (count === "nearly_all" ? leastOf(of, threshold) : count)) / of;
}

/** The largest of the counts that are told: the bars of a column are as long as they are of it. */
export const largestOf = (counts: readonly PublishedCount[]): number =>
  Math.max(0, ...counts.filter((count) => typeof count === "number"));

/** "15 May" of a quarter that is counted from its middle; empty otherwise. */
export function sinceText(locale: Locale, { since }: QuarterNumbers): string[] {
  if (since === null) return [];
  const [, month = 0, date = 0] = since.split("-").map(Number);
  return [wordsIn(locale).numbers.since(month, date)];
}

/** A quarter ("2026-Q1") in words, with <wbr> where a line may break. */
export function quarterText(locale: Locale, quarter: string): string {
  const { year, from, to } = monthsOf(quarter);
  return wordsIn(locale).numbers.quarter(year, from, to);
}
