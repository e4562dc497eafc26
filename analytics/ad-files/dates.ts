/** Which days an export and its rows speak of. */

import { type Period, findPeriod, parseDay, parseMonth, parsePeriod } from "#analytics/period.ts";
import { dayAfter } from "#db/calendar/days.ts";
import { Refused } from "#db/errors.ts";
import type { AdGranularity } from "#db/terms/attribution.ts";
import type { Columns } from "./ads-columns.ts";
import { NeedsChoice } from "./needs-choice.ts";
import type { AdsRecord } from "./records.ts";

/** What the lines above the headings say. */
export interface Preface {
  period?: Period;
  /** "All time", 全期間: a period without days. */
  isAllTime: boolean;
  /** Microsoft's "Report Aggregation": its one column of time means days, weeks or months. */
  aggregation?: "week" | "month";
}

const allTime = /全期間|すべての期間|\ball[ _-]time\b/iu;

/** Throws Refused for a period with a day that is on no calendar. */
export function prefaceOf(records: AdsRecord[]): Preface {
  const lines = records.map(({ cells }) => cells.filter((cell) => cell !== "").join(","));
  const period = lines.map((line) => parsePeriod(line)).find(Boolean) ?? lines.map(findPeriod).find(Boolean);
  const aggregated = lines.map((line) => /report aggregation:?[\s,]*(weekly|monthly)/iu.exec(line)?.[1]).find(Boolean);
  return {
    period,
    isAllTime: lines.some((line) => allTime.test(line)),
    aggregation: aggregated === undefined ? undefined : aggregated.toLowerCase() === "weekly" ? "week" : "month",
  };
}

/** How finely the rows divide the period. */
export function granularityOf(columns: Columns, { aggregation }: Preface): AdGranularity {
  if (columns.day !== undefined) return aggregation ?? "day";
  if (columns.week !== undefined) return "week";
  return columns.month === undefined ? "sum" : "month";
}

/** Days of a row: cut to `stated`, since an export's first and last week or month may be parts. Throws Refused. */
export function datesOf(cell: string, line: number, granularity: AdGranularity, stated: Period | undefined): Period {
  if (granularity === "sum") {
    if (stated) return stated;
    throw new NeedsChoice("期間が分かりません。期間の行を残して書き出すか、日別に書き出してください。");
  }
  const period = granularity === "month" ? parseMonth(cell) : undefined;
  const day = period?.from ?? parseDay(cell);
  if (day === undefined) throw new Refused(`${line}行目の「${cell}」を日付として読めません。`);
  const whole = period ?? { from: day, to: granularity === "week" ? dayAfter(day, 6) : day };
  if (!stated) return whole;
  if (whole.to < stated.from || whole.from > stated.to)
    throw new Refused(`${line}行目の日付 ${day} は、ファイルの期間の外です。`);
  return {
    from: whole.from < stated.from ? stated.from : whole.from,
    to: whole.to > stated.to ? stated.to : whole.to,
  };
}

/** Refuses a file without days and without a period, and one whose period differs from the one that somebody gave. */
export function periodOf(preface: Preface, granularity: AdGranularity, given: Period | undefined): Period | undefined {
  const { period, isAllTime } = preface;
  if (period && given && (period.from !== given.from || period.to !== given.to))
    throw new NeedsChoice(
      `ファイルには ${period.from} から ${period.to} までと書かれています。指定された期間（${given.from} から ${given.to} まで）と違います。`,
    );
  const found = period ?? given;
  if (found || granularity !== "sum") return found;
  throw new NeedsChoice(
    isAllTime
      ? "「全期間」のレポートで、いつからいつまでかが書かれていません。期間を選んで書き出すか、日別に書き出してください。始まりと終わりの日が分かるときは、期間を指定して取り込めます（--from と --to）。"
      : "期間が分かりません。期間の行を残して書き出すか、日別に書き出してください。始まりと終わりの日が分かるときは、期間を指定して取り込めます（--from と --to）。",
  );
}
