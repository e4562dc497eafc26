/** The numbers of a quarter as the page writes them. */

import { groupThousands } from "#analytics/money.ts";
import type { Locale } from "#db/terms/locale.ts";
import type { QuarterNumbers } from "#db/terms/published-numbers.ts";
import type { ToldCount } from "#db/terms/small-counts.ts";
import { wordsIn } from "#db/words/words.ts";

/** A count among `of`, or the words for one that is not told. */
export function toldText(locale: Locale, count: ToldCount | null, of: ToldCount, threshold: number): string {
  const say = wordsIn(locale).numbers;
  if (count === null) return say.withheld;
  if (count === "few") return say.few(threshold);
  if (typeof count === "number") return say.count(groupThousands(count));
  return say.atLeast(groupThousands(typeof of === "number" ? of - threshold + 1 : threshold));
}

/** Per cent of `count` in `of`; undefined for counts that are not told. */
export const lengthOf = (count: ToldCount | null, of: ToldCount): number | undefined =>
  typeof count === "number" && typeof of === "number" && of > 0 ? (100 * count) / of : undefined;

/** The largest of the counts that are told: the bars of a column are as long as they are of it. */
export const largestOf = (counts: readonly ToldCount[]): number =>
  Math.max(0, ...counts.filter((count) => typeof count === "number"));

/** "15 May" of a quarter that is counted from its middle; empty otherwise. */
export function sinceText(locale: Locale, { since }: QuarterNumbers): string[] {
  if (since === null) return [];
  const [, month = 0, date = 0] = since.split("-").map(Number);
  return [wordsIn(locale).numbers.since(month, date)];
}
