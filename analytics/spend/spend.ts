/** The imported cost that counts for a period, and a sentence for each part that does not. */

import { sql } from "drizzle-orm";
import type { AdsFile, Bid, Figures } from "#analytics/imports/ads-file.ts";
import { type Coverage, coverageOf } from "#analytics/imports/coverage.ts";
import { microsOf } from "#analytics/money.ts";
import { type Period, periodInJapanese } from "#analytics/period.ts";
import { db } from "#db/client.ts";
import type { MatchType } from "#db/terms/attribution.ts";

/** One keyword of one ad group of one account, over the whole period asked for. */
export interface SpendLine extends Figures, Bid {
  account: string;
  currency: string;
}

/** One imported file, without the days that a newer file has replaced. */
export interface ImportLine {
  id: string;
  file: string;
  report: AdsFile["report"];
  account: string;
  currency: string;
  period: Period;
  rows: number;
  sums: Figures;
  coverage?: Coverage;
  importedAt: Date;
}

/** Figures as a query or a stored JSON returns them: cost is a decimal. */
type FigureColumns = { impressions: number; clicks: number; cost: string };
const toFigures = ({ impressions, clicks, cost }: FigureColumns): Figures => ({
  impressions: Number(impressions),
  clicks: Number(clicks),
  cost: microsOf(cost) ?? 0n,
});
interface SpendRow extends Record<string, unknown> {
  report: AdsFile["report"];
  account: string;
  currency: string;
  campaign_id: string | null;
  campaign: string;
  ad_group_id: string | null;
  ad_group: string;
  keyword_id: string | null;
  keyword: string;
  match_type: MatchType | null;
}
/** Both tables of cost as one, with the kind of report they came from. */
const columns = sql.raw(`import_id, date_from, date_to, campaign_id, campaign, ad_group_id, ad_group, keyword_id,
  keyword, match_type, impressions, clicks, cost`);
const spend = sql`(
  select 'keywords' as report, ${columns} from ad_spend
  union all select 'search_terms', ${columns} from search_terms) as spend`;

/**
 * The cost of a period, line by line. Sums over a longer period are left out whole, with a sentence:
 * a part of them would be a guess. An account's keyword reports win over its search-term reports.
 */
export async function spendIn(period: Period): Promise<{ lines: SpendLine[]; notes: string[]; leftOut: string[] }> {
  const found = await db.execute<SpendRow & FigureColumns>(sql`
    select spend.report, account, currency, campaign_id, campaign, ad_group_id, ad_group, keyword_id, keyword, match_type,
      sum(impressions)::float8 as impressions, sum(clicks)::float8 as clicks, sum(cost)::text as cost
    from ${spend} join ad_imports on ad_imports.id = import_id
    where date_from >= ${period.from}::date and date_to <= ${period.to}::date
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    order by 2, 5, 7, 9, 10`);
  const withKeywords = new Set(found.filter((row) => row.report === "keywords").map((row) => row.account));
  const counted = found.filter((row) => row.report === "keywords" || !withKeywords.has(row.account));
  const imports = await listImports();
  return {
    lines: counted.map((row) => ({
      account: row.account,
      currency: row.currency,
      campaignId: row.campaign_id ?? undefined,
      campaign: row.campaign,
      adGroupId: row.ad_group_id ?? undefined,
      adGroup: row.ad_group,
      keywordId: row.keyword_id ?? undefined,
      keyword: row.keyword,
      matchType: row.match_type ?? undefined,
      ...toFigures(row),
    })),
    notes: notesOn(counted, imports, period),
    leftOut: await leftOutOf(period),
  };
}

function notesOn(counted: Pick<SpendRow, "account" | "report">[], imports: ImportLine[], period: Period): string[] {
  const accounts = new Map(counted.map(({ account, report }) => [account, report]));
  return [...accounts].flatMap(([account, report]) => {
    const used = imports.filter(
      (i) => i.account === account && i.report === report && i.period.from <= period.to && i.period.to >= period.from,
    );
    const sentences: string[] = [];
    if (report === "search_terms") {
      const covered = used.map(({ file, coverage }) => `「${file}」${coverageInJapanese(coverage)}`).join("、");
      sentences.push(
        `アカウント「${account}」にはキーワードのレポートがないため、検索語句のレポートをキーワードごとに足しました。表示されない検索語句の分は含まれません（${covered}）。`,
      );
    }
    const days = used.map((i) => i.period);
    const span = {
      from: days.map((d) => d.from).sort()[0] ?? period.from,
      to:
        days
          .map((d) => d.to)
          .sort()
          .at(-1) ?? period.to,
    };
    if (span.from > period.from || span.to < period.to)
      sentences.push(`アカウント「${account}」の費用は ${periodInJapanese(span)} のファイルの分だけです。`);
    return sentences;
  });
}

/** 「クリックの18.0%（11 / 61）」, or that it is unknown. */
export function coverageInJapanese(coverage: Coverage | undefined): string {
  if (coverage?.percent === undefined) return "カバー率は不明";
  const { total, remainder, percent } = coverage;
  return `クリックの${percent.toFixed(1)}%（${total.clicks - remainder.clicks} / ${total.clicks}）`;
}

async function leftOutOf(period: Period): Promise<string[]> {
  const parts = await db.execute<{ file_name: string; from: string; to: string }>(sql`
    select distinct file_name, date_from::text as from, date_to::text as to
    from ${spend} join ad_imports on ad_imports.id = import_id
    where date_from <= ${period.to}::date and date_to >= ${period.from}::date
      and not (date_from >= ${period.from}::date and date_to <= ${period.to}::date)
    order by 2, 1`);
  return parts.map(
    (part) =>
      `「${part.file_name}」は ${periodInJapanese(part)} の合計で、期間の一部しか重ならないため数えていません。この期間をすべて含めるか、日別のファイルを取り込んでください。`,
  );
}

/** All imports, newest first. */
export async function listImports(): Promise<ImportLine[]> {
  const found = await db.execute<
    Record<"id" | "file_name" | "account" | "currency" | "period_from" | "period_to" | "imported_at", string> &
      FigureColumns & { report: AdsFile["report"]; rows: number; totals: Record<string, FigureColumns> }
  >(sql`
    select i.id, i.file_name, i.report, i.account, i.currency, i.period_from::text, i.period_to::text, i.totals,
      i.imported_at, count(spend.import_id)::int as rows, coalesce(sum(impressions), 0)::float8 as impressions,
      coalesce(sum(clicks), 0)::float8 as clicks, coalesce(sum(cost), 0)::text as cost
    from ad_imports i left join ${spend} on spend.import_id = i.id
    group by i.id order by i.imported_at desc, i.id desc`);
  return found.map((row) => {
    const sums = toFigures(row);
    const totals = Object.entries(row.totals).map(([label, total]): [string, Figures] => [label, toFigures(total)]);
    return {
      id: row.id,
      file: row.file_name,
      report: row.report,
      account: row.account,
      currency: row.currency,
      period: { from: row.period_from, to: row.period_to },
      rows: row.rows,
      sums,
      coverage: coverageOf(sums, totals),
      importedAt: new Date(row.imported_at),
    };
  });
}
