/** The imported cost that counts for a period, and a sentence for each part that does not. */

import { type SQL, sql } from "drizzle-orm";
import type { Bid, Figures } from "#analytics/ad-files/bid.ts";
import { coverageInJapanese } from "#analytics/ad-files/coverage.ts";
import { decimalOf, microsFromDatabase } from "#analytics/money.ts";
import { monthAfter, monthOf, type Period, periodInJapanese } from "#analytics/period.ts";
import { dayAfter } from "#db/calendar/days.ts";
import { db, type Executor } from "#db/client.ts";
import { adPlatform, type AdPlatform, type AdReport, type MatchType } from "#db/terms/attribution.ts";
import { type ImportLine, listImports, toFigures } from "./imports.ts";

/** One keyword of one ad group of one account, over the whole period asked for. */
export interface SpendLine extends Figures, Bid {
  account: string;
  currency: string;
  /** As landings name it; absent: Google Ads. */
  platform?: string;
}

interface SpendRow extends Record<string, unknown> {
  reports: AdReport[];
  account: string;
  currency: string;
  platform: AdPlatform | null;
  campaign_id: string | null;
  campaign: string;
  ad_group_id: string | null;
  ad_group: string;
  keyword_id: string | null;
  keyword: string;
  match_type: MatchType | null;
  impressions: string;
  clicks: string;
  cost: string;
}

/**
 * What counts of the days and sums that lie wholly in the period, by bid (`same_as`) and report: months that lie in it
 * from their sums, days before and after them from their lines (but for those of `withoutImport`, which are being
 * inserted).
 */
const countedIn = ({ from, to }: Period, withoutImport = 0) => {
  const day = (date: string) => sql`${date}::date`;
  const firstMonth = day(from.endsWith("-01") ? from : monthAfter(from));
  const afterMonths = day(monthOf(dayAfter(to)));
  // "date_from >= date_to" is true of single days alone. Of an equation the planner would expect one row in 200, and look
  // up each of a hundred thousand by itself.
  const edge = sql`date_from >= date_to and counted and date_from between ${day(from)} and ${day(to)}
    and (date_from < ${firstMonth} or date_from >= ${afterMonths}) and import_no <> ${withoutImport}`;
  const edgeOf = (table: SQL) => sql`
    select bid_id, import_no, sum(impressions) as impressions, sum(clicks) as clicks, sum(cost) as cost
    from ${table} where ${edge} group by 1, 2`;
  return sql`
    select bid_id, report, impressions, clicks, cost from spend_months
    where month >= ${firstMonth} and month < ${afterMonths}
    union all
    select b.same_as, i.report, s.impressions, s.clicks, s.cost
    from (${edgeOf(sql`ad_spend`)} union all ${edgeOf(sql`search_terms`)}) s
    join bids b on b.id = s.bid_id join ad_imports i on i.no = s.import_no
    union all
    select bid_id, report, impressions, clicks, cost from spend_spans
    where state = 'counted' and date_from >= ${day(from)} and date_to <= ${day(to)}`;
};

/** The account's currency: all its imports have one. */
const accounts = sql`(select distinct on (account) account, currency from ad_imports where undone_at is null order by account, no desc)`;

/**
 * The cost of a period, line by line; a line is a bid with all its spellings. Sums over several days that lie only
 * partly in the period are left out whole, with a sentence: a part of them would be a guess.
 */
export async function spendIn(period: Period): Promise<{ lines: SpendLine[]; notes: string[]; leftOut: string[] }> {
  const found = await db.execute<SpendRow>(sql`
    with by_report as (
      select bid_id, report, sum(impressions) as impressions, sum(clicks) as clicks, sum(cost) as cost
      from (${countedIn(period)}) counted group by 1, 2),
    summed as (
      select bid_id, array_agg(report) as reports, sum(impressions)::text as impressions, sum(clicks)::text as clicks,
        sum(cost)::text as cost
      from by_report group by 1)
    select reports, b.account, a.currency, b.platform, known_campaign_id as campaign_id, campaign,
      known_ad_group_id as ad_group_id, ad_group, known_keyword_id as keyword_id, keyword, match_type,
      impressions, clicks, cost
    from summed join bids b on b.id = summed.bid_id join ${accounts} a using (account)
    order by b.account, campaign, ad_group, keyword, match_type, b.id`);
  return {
    lines: found.map((row) => ({
      account: row.account,
      currency: row.currency,
      platform: row.platform === null ? undefined : adPlatform[row.platform],
      campaignId: row.campaign_id ?? undefined,
      campaign: row.campaign,
      adGroupId: row.ad_group_id ?? undefined,
      adGroup: row.ad_group,
      keywordId: row.keyword_id ?? undefined,
      keyword: row.keyword,
      matchType: row.match_type ?? undefined,
      ...toFigures(row),
    })),
    notes: [...notesOn(found, await listImports(), period), ...(await differencesIn(period))],
    leftOut: await leftOutOf(period),
  };
}

/** What counts of a period by campaign of one account; for the preview of an import. */
export interface CampaignFigures extends Figures {
  campaign: string;
}

/** Of every campaign of the account, by its name or its id. */
export async function campaignsOf(
  tx: Executor,
  account: string,
  period: Period,
  withoutImport?: number,
): Promise<CampaignFigures[]> {
  const rows = await tx.execute<{ campaign: string; impressions: string; clicks: string; cost: string }>(sql`
    select coalesce(min(nullif(campaign, '')), min('ID ' || campaign_id), '') as campaign,
      sum(impressions)::text as impressions, sum(clicks)::text as clicks, sum(cost)::text as cost
    from (${countedIn(period, withoutImport)}) counted join bids b on b.id = bid_id where account = ${account}
    group by campaign_key order by 1`);
  return rows.map(({ campaign, ...figures }) => ({ campaign, ...toFigures(figures) }));
}

function notesOn(counted: readonly SpendRow[], imports: ImportLine[], period: Period): string[] {
  const reports = new Map<string, Set<AdReport>>();
  for (const row of counted)
    for (const report of row.reports) reports.set(row.account, (reports.get(row.account) ?? new Set()).add(report));
  return [...reports].flatMap(([account, ofAccount]) => {
    const used = imports.filter(
      (i) =>
        i.account === account && ofAccount.has(i.report) && i.period.from <= period.to && i.period.to >= period.from,
    );
    const sentences: string[] = [];
    if (ofAccount.has("search_terms")) {
      const files = used.filter(({ report }) => report === "search_terms");
      const covered = files.map(({ file, coverage }) => `「${file}」${coverageInJapanese(coverage)}`).join("、");
      sentences.push(
        `アカウント「${account}」には${ofAccount.has("keywords") ? "キーワードのレポートがない日がある" : "キーワードのレポートがない"}ため、検索語句のレポートをキーワードごとに足しました。表示されない検索語句の分は含まれません（${covered}）。`,
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

/** Sums that only check days, where the two differ by more than rounding: half a unit of the currency a day. */
async function differencesIn({ from, to }: Period): Promise<string[]> {
  const rows = await db.execute<
    Record<"file_name" | "currency" | "clicks" | "cost" | "days" | "from" | "to", string>
  >(sql`
    select file_name, currency, date_from::text as from, date_to::text as to, sum(clicks_apart)::text as clicks,
      sum(cost_apart)::text as cost, sum(days)::text as days
    from spend_spans s join ad_imports i on i.no = s.import_no
    where state = 'checked' and date_from >= ${from}::date and date_to <= ${to}::date
    group by 1, 2, 3, 4 order by 3, 1`);
  return rows.flatMap(({ file_name: file, currency, days, ...row }) => {
    const cost = microsFromDatabase(row.cost);
    const size = cost < 0n ? -cost : cost;
    const unit = decimalOf(0n, currency).includes(".") ? 10_000n : 1_000_000n;
    if (row.clicks === "0" && size * 2n <= unit * (BigInt(days) + 1n)) return [];
    const more = `クリック ${row.clicks}、費用 ${decimalOf(cost, currency)} ${currency}`;
    return [
      `「${file}」（${periodInJapanese(row)} の合計）は、日別のファイルの合計と違います（差: ${more}）。日別のほうを数えています。`,
    ];
  });
}

async function leftOutOf(period: Period): Promise<string[]> {
  const parts = await db.execute<{ file_name: string; from: string; to: string; state: string }>(sql`
    select distinct file_name, date_from::text as from, date_to::text as to, state
    from spend_spans s join ad_imports i on i.no = s.import_no
    where date_from <= ${period.to}::date and date_to >= ${period.from}::date
      and (state = 'overlapping'
        or (state = 'counted' and (s.impressions > 0 or s.clicks > 0 or s.cost > 0)
          and not (date_from >= ${period.from}::date and date_to <= ${period.to}::date)))
    order by 2, 1, 3`);
  return parts.map(({ file_name: file, state, ...part }) =>
    state === "overlapping"
      ? `「${file}」の ${periodInJapanese(part)} の合計は、ほかの合計と期間が一部だけ重なるため数えていません。日別のファイルを取り込むと、どちらの日も数えられます。`
      : `「${file}」は ${periodInJapanese(part)} の合計で、期間の一部しか重ならないため数えていません。この期間をすべて含めるか、日別のファイルを取り込んでください。`,
  );
}
