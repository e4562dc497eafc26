/**
 * What the columns of exports of advertising cost are called: Google Ads in two languages and in its API, Yahoo!
 * 検索広告 (https://github.com/yahoojp-marketing/sponsored-search-api-documents, レポートフィールド) and Microsoft
 * Advertising (KeywordPerformanceReportColumn). Of the latter two only the vendors' documentation was at hand.
 */

const headings = {
  day: ["日", "日付", "day", "date", "gregoriandate", "timeperiod"],
  week: ["週", "週（月曜日開始）", "week", "week start date", "weekstartdate"],
  month: ["月", "month", "monthstartdate"],
  term: ["検索語句", "検索クエリー", "search term", "search_term", "search query", "searchquery"],
  keyword: ["キーワード", "検索キーワード", "keyword", "search keyword", "info_text"],
  keywordId: [
    "キーワード id",
    "キーワードid",
    "検索キーワード id",
    "keyword id",
    "keywordid",
    "search keyword id",
    "ad_group_criterion_criterion_id",
  ],
  /** customers/1/adGroupCriteria/<ad group>~<keyword> */
  criterion: ["keyword_ad_group_criterion"],
  campaign: ["キャンペーン", "キャンペーン名", "campaign", "campaign name", "campaignname"],
  campaignId: ["キャンペーン id", "キャンペーンid", "campaign id", "campaign_id", "campaignid"],
  /** customers/1/campaigns/<campaign> */
  baseCampaign: ["base_campaign"],
  campaignType: ["キャンペーン タイプ", "キャンペーンタイプ", "campaign type", "campaigntype"],
  adGroup: ["広告グループ", "広告グループ名", "ad group", "ad group name", "adgroup", "adgroupname"],
  adGroupId: ["広告グループ id", "広告グループid", "ad group id", "ad_group_id", "adgroupid"],
  keywordMatch: [
    "検索キーワードのマッチタイプ",
    "キーワードのマッチタイプ",
    "search keyword match type",
    "keyword match type",
    "bid match type",
    "bidmatchtype",
  ],
  /** In a keyword report the keyword's; in a search-term report how the term met it, which is another thing. */
  match: ["マッチタイプ", "match type", "matchtype"],
  device: ["デバイス", "device", "device type", "devicetype"],
  impressions: ["表示回数", "インプレッション数", "impr.", "impressions"],
  clicks: ["クリック数", "clicks"],
  interactions: ["インタラクション", "インタラクション数", "interactions"],
  interactionTypes: ["インタラクションの種類", "インタラクション タイプ", "interaction type", "interaction types"],
  cost: ["費用", "コスト", "cost", "spend"],
  costMicros: ["cost_micros"],
  currency: ["通貨コード", "通貨", "currency code", "currency", "currencycode"],
  conversions: ["コンバージョン", "コンバージョン数", "conversions"],
  customer: ["お客様 id", "customer id", "customer_id", "アカウントid", "account id", "accountid"],
} as const;

export type AdsColumn = keyof typeof headings;
/** Which cell of a record holds what. */
export type Columns = Partial<Record<AdsColumn, number>>;

/** The columns a heading record names; the first of two equal headings counts. */
export function columnsOf(cells: string[]): Columns {
  const named = cells.map((cell) => cell.normalize("NFKC").toLowerCase().replaceAll(/\s+/gu, " ").trim());
  const found: Columns = {};
  for (const [column, spellings] of Object.entries(headings) as [AdsColumn, readonly string[]][]) {
    const at = named.findIndex((name) => spellings.some((spelling) => spelling.normalize("NFKC") === name));
    if (at !== -1) found[column] = at;
  }
  return found;
}
