/** Generated exports of cost, and what counts of them by the rule as it is written, one line of one file at a time. */

import fc from "fast-check";
import { type Period } from "#analytics/period.ts";
import { dayAfter } from "#db/calendar/days.ts";
import { seededRandom } from "#db/random/seeded.ts";

export interface Line extends Period {
  bid: string;
  device: string;
  clicks: number;
  cost: number;
}
export interface File {
  report: "keywords" | "search_terms" | "campaigns";
  account: string;
  withIds: boolean;
  lines: Line[];
}

const first = "2026-01-20";
export const length = 50;
export const day = (n: number) => dayAfter(first, n);
const campaignOf = (bid: string) => bid.slice(0, 1);

/** Files of days, weeks, months or a sum; of all campaigns or of some; with ids or without. */
export const fileOf: fc.Arbitrary<File> = fc
  .record({
    report: fc.constantFrom("keywords", "keywords", "keywords", "search_terms", "campaigns"),
    account: fc.constantFrom("検索", "検索", "助成"),
    withIds: fc.boolean(),
    grain: fc.constantFrom(1, 1, 7, 10, 30, 0),
    from: fc.nat(length - 1),
    days: fc.integer({ min: 1, max: length }),
    bids: fc.subarray(["Ax", "Ay", "Bx", "Bz"], { minLength: 1 }),
    seed: fc.nat(),
    devices: fc.constantFrom([""], [""], ["モバイル", "パソコン"]),
  })
  .map(({ report, account, withIds, grain, from, days, bids, seed, devices }) => {
    const random = seededRandom(seed);
    const last = Math.min(length - 1, from + days - 1);
    const lines: Line[] = [];
    const size = grain === 0 ? last - from + 1 : grain;
    for (let at = from; at <= last; at += size) {
      const span = { from: day(at), to: day(Math.min(last, at + size - 1)) };
      for (const bid of report === "campaigns" ? [...new Set(bids.map(campaignOf))] : bids)
        for (const device of devices) {
          const [clicks, cost] = [random.between(0, 9), random.between(0, 300)];
          if (random.chance(0.75)) lines.push({ ...span, bid, device, clicks, cost });
        }
    }
    return { report: report as File["report"], account, withIds, lines };
  });

/** The file as Google writes it. Its rows are days, or each has a period of its own file. */
export function textsOf({ report, withIds, lines }: File, salt: number): string[] {
  const names = ["キャンペーン", ...(withIds ? ["キャンペーン ID"] : [])];
  if (report !== "campaigns")
    names.push("広告グループ", "キーワード", ...(withIds ? ["広告グループ ID", "キーワード ID"] : []));
  if (report === "search_terms") names.push("検索語句");
  const rowOf = ({ bid, device, clicks, cost, from }: Line) => {
    const campaign = campaignOf(bid);
    const cells = [campaign, ...(withIds ? [`1${campaign.charCodeAt(0)}`] : [])];
    if (report !== "campaigns")
      cells.push("学習", bid, ...(withIds ? [`2${campaign.charCodeAt(0)}`, `3${bid.charCodeAt(1)}`] : []));
    if (report === "search_terms") cells.push(`${bid} とは`);
    return [...cells, device, from, String(clicks * 10), String(clicks), "JPY", String(cost)].join(",");
  };
  const bySpan = Map.groupBy(lines, ({ from, to }) => (from === to ? "days" : `${from} - ${to}`));
  return [...bySpan].map(([span, some]) => {
    const head = [
      ...names,
      "デバイス",
      span === "days" ? "日" : "メモ",
      "表示回数",
      "クリック数",
      "通貨コード",
      "費用",
    ];
    return [`レポート ${salt}`, ...(span === "days" ? [] : [span]), head.join(","), ...some.map(rowOf)].join("\n");
  });
}

/** The rule, one line of one file at a time. */
export function naive(
  files: { file: File; lines: Line[] }[],
  account: string,
  period: Period,
): Map<string, [number, number]> {
  const ranks = ["keywords", "search_terms", "campaigns"] as const;
  const sums = new Map<string, [number, number]>();
  const knownDays: { day: string; campaign: string }[] = [];
  const daysOf = ({ from, to }: Period) => {
    const days: string[] = [];
    for (let at = from; at <= to; at = dayAfter(at)) days.push(at);
    return days;
  };
  for (const rank of ranks) {
    const imports = files.filter(({ file }) => file.account === account && file.report === rank);
    const isKnown = (one: string, campaign: string) =>
      knownDays.some((k) => k.day === one && (rank === "search_terms" || k.campaign === campaign));
    const news: typeof knownDays = [];
    for (const bid of new Set(imports.flatMap(({ lines }) => lines.map((line) => line.bid)))) {
      const ofBid = imports.map(({ lines }) => lines.filter((line) => line.bid === bid));
      const campaign = campaignOf(bid);
      const dayFigures = new Map<string, [number, number]>();
      for (const one of ofBid) {
        const found = new Map<string, [number, number]>();
        for (const { from, to, clicks, cost } of one) {
          const [a, b] = found.get(from) ?? [0, 0];
          if (from === to) found.set(from, [a + clicks, b + cost]);
        }
        for (const [when, figures] of found) if (!isKnown(when, campaign)) dayFigures.set(when, figures);
      }
      const spans = new Map<string, Period & { clicks: number; cost: number; no: number }>();
      ofBid.forEach((one, no) => {
        const found = new Map<string, Period & { clicks: number; cost: number; no: number }>();
        for (const { from, to, clicks, cost } of one) {
          const key = `${from} ${to}`;
          const sum = found.get(key) ?? { from, to, clicks: 0, cost: 0, no };
          if (from < to) found.set(key, { ...sum, clicks: sum.clicks + clicks, cost: sum.cost + cost });
        }
        for (const [key, span] of found) spans.set(key, span);
      });
      const accepted: (Period & { counted: [number, number] })[] = [];
      const usable = [...spans.values()].filter((span) => !daysOf(span).some((one) => isKnown(one, campaign)));
      usable.sort((a, b) => daysOf(a).length - daysOf(b).length || b.no - a.no || (a.from < b.from ? -1 : 1));
      for (const span of usable) {
        const touching = accepted.filter((other) => other.from <= span.to && span.from <= other.to);
        if (touching.some((other) => other.from < span.from || other.to > span.to)) continue;
        const inner = [...dayFigures].filter(([when]) => span.from <= when && when <= span.to);
        const campaignDays = new Set(
          imports.flatMap(({ lines }) =>
            lines.filter((l) => l.from === l.to && campaignOf(l.bid) === campaign).map((l) => l.from),
          ),
        );
        const isChecked = inner.length > 0 && daysOf(span).every((one) => campaignDays.has(one));
        const parts = [...inner.map(([, figures]) => figures), ...touching.map(({ counted }) => counted)];
        const rest = (at: 0 | 1, whole: number) =>
          isChecked
            ? 0
            : Math.max(
                0,
                parts.reduce((left, part) => left - part[at], whole),
              );
        accepted.push({ from: span.from, to: span.to, counted: [rest(0, span.clicks), rest(1, span.cost)] });
      }
      const add = (figures: [number, number], days: string[]) => {
        const [a, b] = sums.get(bid) ?? [0, 0];
        if (days.every((one) => period.from <= one && one <= period.to))
          sums.set(bid, [a + figures[0], b + figures[1]]);
        news.push(...days.map((one) => ({ day: one, campaign })));
      };
      for (const [when, figures] of dayFigures) add(figures, [when]);
      for (const span of accepted) add(span.counted, daysOf(span));
    }
    knownDays.push(...news);
  }
  return sums;
}
