/** What the columns of Google Ads exports are called, in the screens of two languages and in the API. */

const headings = {
  day: ["日", "day", "date"],
  term: ["検索語句", "search term", "search_term"],
  keyword: ["キーワード", "検索キーワード", "keyword", "search keyword", "info_text"],
  keywordId: [
    "キーワード id",
    "検索キーワード id",
    "keyword id",
    "search keyword id",
    "ad_group_criterion_criterion_id",
  ],
  /** customers/1/adGroupCriteria/<ad group>~<keyword> */
  criterion: ["keyword_ad_group_criterion"],
  campaign: ["キャンペーン", "campaign"],
  campaignId: ["キャンペーン id", "campaign id", "campaign_id"],
  adGroup: ["広告グループ", "ad group"],
  adGroupId: ["広告グループ id", "ad group id", "ad_group_id"],
  keywordMatch: [
    "検索キーワードのマッチタイプ",
    "キーワードのマッチタイプ",
    "search keyword match type",
    "keyword match type",
  ],
  /** In a keyword report the keyword's; in a search-term report how the term met it, which is another thing. */
  match: ["マッチタイプ", "match type"],
  impressions: ["表示回数", "impr.", "impressions"],
  clicks: ["クリック数", "clicks"],
  cost: ["費用", "cost"],
  costMicros: ["cost_micros"],
  currency: ["通貨コード", "currency code"],
  conversions: ["コンバージョン", "conversions"],
  customer: ["お客様 id", "customer id", "customer_id"],
} as const;

export type Column = keyof typeof headings;
/** Which cell of a record holds what. */
export type Columns = Partial<Record<Column, number>>;

/** The columns a heading record names; the first of two equal headings counts. */
export function columnsOf(cells: string[]): Columns {
  const named = cells.map((cell) => cell.normalize("NFKC").toLowerCase().replaceAll(/\s+/gu, " ").trim());
  const found: Columns = {};
  for (const [column, spellings] of Object.entries(headings) as [Column, readonly string[]][]) {
    const at = named.findIndex((name) => spellings.includes(name));
    if (at !== -1) found[column] = at;
  }
  return found;
}
