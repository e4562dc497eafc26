/** What of the keyword report is looked at. It stands in the address, so that a view can be kept as a bookmark. */

import { z } from "zod";
import { type Period, periodFromInput } from "#analytics/period.ts";
import { dayOf } from "#db/calendar/days.ts";
import { Invalid } from "#db/errors.ts";
import { type Unit, wholeUnits } from "./periods.ts";

/** By what the lines are put together, with what the first column is called. */
export const groupings = {
  keyword: "キーワード",
  campaign: "キャンペーン",
  ad_group: "広告グループ",
  match_type: "マッチタイプ",
  device: "端末",
  page: "着いたページ",
  account: "アカウント",
} as const;
export type Grouping = keyof typeof groupings;

/** With what a period is compared. */
export const comparisons = { previous: "前の期間", year: "前の年の同じ期間" } as const;
export type Comparison = keyof typeof comparisons;

export const units = { week: "週（月曜から）", month: "月" } as const satisfies Record<Unit, string>;

/** The columns of the report in their order, with what their heads say. Each can be sorted by. */
export const columns = {
  name: "名前",
  impressions: "表示",
  clicks: "クリック",
  landings: "着地",
  forms: "フォーム",
  downloads: "資料",
  subscriptions: "登録",
  consultations: "相談",
  people: "実人数",
  first: "最初の接点",
  cost: "費用",
  rate: "相談した割合",
  each: "相談1件あたり",
} as const;
export type ReportColumn = keyof typeof columns;

const keysOf = <K extends string>(record: Record<K, string>) => Object.keys(record) as [K, ...K[]];
const pageNumber = /^[1-9]\d{0,4}$/u;

/** One parameter: absent or empty is the default. */
const parameter = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema);
const choice = <K extends string>(record: Record<K, string>, error: string) =>
  parameter(z.enum(keysOf(record), { error }).optional());

const schema = z.object({
  unit: choice(units, "「週・月」の選び方が正しくありません。"),
  compare: choice(comparisons, "「くらべる期間」の選び方が正しくありません。"),
  by: choice(groupings, "「まとめ方」の選び方が正しくありません。"),
  q: parameter(z.string().trim().max(100, { error: "さがす言葉は100文字までで入力してください。" }).optional()),
  sort: choice(columns, "並べ替えの列が正しくありません。"),
  dir: choice({ asc: "", desc: "" }, "並べ替えの向きが正しくありません。"),
  page: parameter(z.string().regex(pageNumber, { error: "ページの番号が正しくありません。" }).optional()),
});

export interface View {
  period: Period;
  /** Whole weeks or months were asked for: the period is widened to them, and drawn by them. */
  unit?: Unit;
  compare?: Comparison;
  by: Grouping;
  /** Words to search names by; "" for none. */
  q: string;
  /** Absent: what led to consultations first. */
  sort?: ReportColumn;
  dir: "asc" | "desc";
  /** From 1. */
  page: number;
}

/** Names of the parameters in the address. */
export const viewNames = ["from", "to", "unit", "compare", "by", "q", "sort", "dir", "page"] as const;
export type ViewInput = Partial<Record<(typeof viewNames)[number], string | null>>;

/**
 * The view of an address or a command line, the last 90 days where it names no period. A wrong value has its sentence
 * in `errors`, by field, and counts as absent.
 */
export function readView(input: ViewInput, now = new Date()): { view: View; errors: Record<string, string> } {
  const given: Record<string, string> = {};
  for (const name of viewNames) if (typeof input[name] === "string") given[name] = input[name];
  const errors: Record<string, string> = {};
  for (const { path, message } of schema.safeParse(given).error?.issues ?? []) {
    errors[String(path[0])] = message;
    delete given[String(path[0])];
  }
  const { unit, compare, by = "keyword", q = "", sort, dir, page } = schema.parse(given);
  const chosen = periodOr(input, now, errors);
  return {
    view: {
      period: unit ? wholeUnits(unit, chosen, dayOf(now)) : chosen,
      ...{ unit, compare, by, q, sort },
      dir: dir ?? firstDirection(sort),
      page: Number(page ?? 1),
    },
    errors,
  };
}

/** The same, for a file: a wrong value would give a file of something else. Throws Invalid, by field. */
export function viewFromInput(input: ViewInput, now = new Date()): View {
  const { view, errors } = readView(input, now);
  if (Object.keys(errors).length > 0) throw new Invalid(errors);
  return view;
}

function periodOr(input: ViewInput, now: Date, errors: Record<string, string>): Period {
  try {
    return periodFromInput(input, now);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    Object.assign(errors, error.errors);
    return periodFromInput({}, now);
  }
}

/** Names from the beginning of the alphabet; cost each from the least; figures from the most. */
export const firstDirection = (sort: ReportColumn | undefined): View["dir"] =>
  sort === "name" || sort === "each" ? "asc" : "desc";

/** The query string of a view with some of it changed. Another order, search or grouping begins at the first page. */
export function viewQuery(view: View, change: Partial<View> = {}): string {
  const next = { ...view, page: 1, ...change };
  if (change.sort !== undefined && change.dir === undefined) next.dir = firstDirection(change.sort);
  const query = new URLSearchParams({ ...next.period });
  const set = (name: string, value: string | undefined, isDefault: boolean) => {
    if (value !== undefined && !isDefault) query.set(name, value);
  };
  set("unit", next.unit, false);
  set("compare", next.compare, false);
  set("by", next.by, next.by === "keyword");
  set("q", next.q, next.q === "");
  set("sort", next.sort, false);
  set("dir", next.dir, next.dir === firstDirection(next.sort));
  set("page", String(next.page), next.page === 1);
  return query.toString();
}
