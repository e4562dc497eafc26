/** What sums over several days count beside the days and the shorter sums inside them. Pure. */

import type { Figures } from "#analytics/ad-files/bid.ts";
import type { Period } from "#analytics/period.ts";

/** The sum of one bid over some days, as the newest import with these very days says it. */
export interface Span extends Period, Figures {
  importNo: number;
  /** The counted days inside it, added up; `dayCount` of them. */
  days: Figures;
  dayCount: number;
  /** Whether daily imports know each of its days for its campaign. */
  isKnownByDay: boolean;
}

export type SpanState = "counted" | "checked" | "overlapping";

/** What counts of it, and why; `apart` is what it says more than its days. */
export interface CountedSpan {
  span: Span;
  state: SpanState;
  counted: Figures;
}

const nothing: Figures = { impressions: 0, clicks: 0, cost: 0n };
const length = ({ from, to }: Period) => Date.parse(to) - Date.parse(from);
const isInside = (inner: Period, outer: Period) => outer.from <= inner.from && inner.to <= outer.to;
const overlaps = (a: Period, b: Period) => a.from <= b.to && b.from <= a.to;

/**
 * The sums of one bid, no two over the same days. Shorter ones are accepted first, of equally long ones the newer;
 * one that overlaps an accepted one without being around it does not count. What an accepted one counts is
 * what it says more than the days and the accepted sums inside it.
 */
export function countSpans(spans: readonly Span[]): CountedSpan[] {
  const order = spans.toSorted(
    (a, b) => length(a) - length(b) || b.importNo - a.importNo || (a.from < b.from ? -1 : 1),
  );
  const found: CountedSpan[] = [];
  for (const span of order) {
    const accepted = found.filter(({ state }) => state !== "overlapping");
    if (accepted.some((other) => overlaps(other.span, span) && !isInside(other.span, span)))
      found.push({ span, state: "overlapping", counted: nothing });
    else if (span.isKnownByDay && span.dayCount > 0) found.push({ span, state: "checked", counted: nothing });
    else {
      const inner = accepted.filter((other) => isInside(other.span, span)).map(({ counted }) => counted);
      found.push({ span, state: "counted", counted: remainderOf(span, [span.days, ...inner]) });
    }
  }
  return found;
}

/** The figures without the parts, each at least 0. */
function remainderOf(whole: Figures, parts: Figures[]): Figures {
  let { impressions, clicks, cost } = whole;
  for (const part of parts) {
    impressions -= part.impressions;
    clicks -= part.clicks;
    cost -= part.cost;
  }
  return { impressions: Math.max(0, impressions), clicks: Math.max(0, clicks), cost: cost > 0n ? cost : 0n };
}
