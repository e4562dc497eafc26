/** The imported cost that counts for a period, and a sentence for each part that does not. */

import { sql } from "drizzle-orm";
import type { Bid, Figures } from "#analytics/ad-files/bid.ts";
import { coverageInJapanese } from "#analytics/ad-files/coverage.ts";
import { decimalOf, microsFromDatabase } from "#analytics/money.ts";
import { type Period, periodInJapanese } from "#analytics/period.ts";
import { db, type Executor } from "#db/client.ts";
import { adPlatform, type AdPlatform, type AdReport, type MatchType } from "#db/terms/attribution.ts";
import { accounts, countedIn } from "./counted.ts";
import { type ImportLine, listImports, toFigures } from "./imports.ts";

/** One keyword of one ad group of one account, over the whole period asked for. */
export interface SpendLine extends Figures, Bid {
  account: string;
  currency: string;
  /** As landings name it; absent: Google Ads. */
  platform?: string;
}

interface BidRow extends Record<string, unknown> {
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
}

interface SpendRow extends BidRow {
  reports: AdReport[];
  impressions: string;
  clicks: string;
  cost: string;
}

/** SQL, of bids (b) and accounts (a): the columns of `BidRow`. */
const bidColumns = sql`b.account, a.currency, b.platform, known_campaign_id as campaign_id, campaign,
  known_ad_group_id as ad_group_id, ad_group, known_keyword_id as keyword_id, keyword, match_type`;

/** SQL, of the same: the order of lines. */
const bidOrder = sql`b.account, campaign, ad_group, keyword, match_type, b.id`;

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
    select reports, ${bidColumns}, impressions, clicks, cost
    from summed join bids b on b.id = summed.bid_id join ${accounts} a using (account)
    order by ${bidOrder}`);
  return {
    lines: found.map((row) => ({ ...bidOf(row), ...toFigures(row) })),
    notes: [...notesOn(found, await listImports(), period), ...(await differencesIn(period))],
    leftOut: await leftOutOf([period]),
  };
}

/** A bid with its account and currency, as the database has it. */
function bidOf(row: BidRow): Omit<SpendLine, keyof Figures> {
  return {
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
  };
}

/** The cost of one period as a whole, and which lines have any. */
export interface PeriodSpend {
  impressions: number;
  clicks: number;
  /** Micros by currency. */
  costs: Map<string, bigint>;
  /** In the order of `spendIn`, without their figures. */
  lines: Omit<SpendLine, keyof Figures>[];
}

/** The same cost as `spendIn` of each of the periods, read at once. */
export async function spendByPeriod(periods: Period[]): Promise<{ spend: PeriodSpend[]; leftOut: string[] }> {
  const counted = sql.join(
    periods.map((period, at) => sql`select ${at}::int as at, counted.* from (${countedIn(period)}) as counted`),
    sql` union all `,
  );
  const sums = await db.execute<{
    at: number;
    currency: string;
    bids: number[];
    impressions: string;
    clicks: string;
    cost: string;
  }>(sql`
    select at, a.currency, array_agg(distinct bid_id) as bids, sum(impressions)::text as impressions,
      sum(clicks)::text as clicks, sum(cost)::text as cost
    from (${counted}) as s join bids b on b.id = bid_id join ${accounts} a using (account) group by 1, 2`);
  const ids = [...new Set(sums.flatMap(({ bids }) => bids))];
  const bids = await db.execute<BidRow & { id: number }>(sql`
    select b.id, ${bidColumns} from bids b join ${accounts} a using (account)
    where b.id = any (${`{${ids.join()}}`}::int[]) order by ${bidOrder}`);
  const spend = periods.map((_, at): PeriodSpend => {
    const ofPeriod = sums.filter((row) => row.at === at);
    const present = new Set(ofPeriod.flatMap((row) => row.bids));
    const figures = ofPeriod.map(toFigures);
    return {
      impressions: figures.reduce((sum, { impressions }) => sum + impressions, 0),
      clicks: figures.reduce((sum, { clicks }) => sum + clicks, 0),
      costs: new Map(ofPeriod.map((row, index) => [row.currency, figures[index]?.cost ?? 0n])),
      lines: bids.filter(({ id }) => present.has(id)).map(bidOf),
    };
  });
  return { spend, leftOut: await leftOutOf(periods) };
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

/** Sums that only check days, and sums that say less than the days inside them, where the two differ by more than rounding: half a unit of the currency a day. */
async function differencesIn({ from, to }: Period): Promise<string[]> {
  const rows = await db.execute<
    Record<"file_name" | "currency" | "clicks" | "cost" | "days" | "from" | "to", string>
  >(sql`
    select file_name, currency, date_from::text as from, date_to::text as to, sum(clicks_apart)::text as clicks,
      sum(cost_apart)::text as cost, sum(days)::text as days
    from spend_spans s join ad_imports i on i.no = s.import_no
    where (state = 'checked' or clicks_apart < 0 or cost_apart < 0) and date_from >= ${from}::date and date_to <= ${to}::date
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

/** Sums of which a part lies in one of the periods, or that overlap other sums. */
async function leftOutOf(periods: Period[]): Promise<string[]> {
  const isLeftOut = sql.join(
    periods.map(
      ({ from, to }) => sql`(date_from <= ${to}::date and date_to >= ${from}::date
        and (state = 'overlapping' or not (date_from >= ${from}::date and date_to <= ${to}::date)))`,
    ),
    sql` or `,
  );
  const parts = await db.execute<{ file_name: string; from: string; to: string; state: string }>(sql`
    select distinct file_name, date_from::text as from, date_to::text as to, state
    from spend_spans s join ad_imports i on i.no = s.import_no
    where (state = 'overlapping' or (state = 'counted' and (s.impressions > 0 or s.clicks > 0 or s.cost > 0)))
      and (${isLeftOut})
    order by 2, 1, 3`);
  return parts.map(({ file_name: file, state, ...part }) =>
    state === "overlapping"
      ? `「${file}」の ${periodInJapanese(part)} の合計は、ほかの合計と期間が一部だけ重なるため数えていません。日別のファイルを取り込むと、どちらの日も数えられます。`
      : `「${file}」は ${periodInJapanese(part)} の合計で、期間の一部しか重ならないため数えていません。この期間をすべて含めるか、日別のファイルを取り込んでください。`,
  );
}
