/** What an advertisement says of the keyword it answered. */

/** Why a click carries no keyword; an empty string would hide the difference. */
export const keywordMissing = {
  absent: "キーワードの情報なし",
  empty: "キーワードが空",
  literal: "広告側の設定もれ",
  /** More words of no export came from one network in a day than are kept (analytics/clicks.ts). */
  over_limit: "記録しなかったキーワード",
} as const;

export const matchType = {
  exact: "完全一致",
  phrase: "フレーズ一致",
  broad: "インテントマッチ（部分一致）",
} as const;

export type MatchType = keyof typeof matchType;

export type KeywordMissing = keyof typeof keywordMissing;

/** What an export of advertising cost has a row for. In this order the first that knows a day of a campaign counts. */
export const adReport = {
  keywords: "キーワード",
  search_terms: "検索語句",
  campaigns: "キャンペーン",
} as const;

export type AdReport = keyof typeof adReport;

/** How finely an export divides its period. */
export const adGranularity = {
  day: "日別",
  week: "週別",
  month: "月別",
  sum: "期間の合計",
} as const;

export type AdGranularity = keyof typeof adGranularity;

/** Platforms other than Google Ads, whose cost never joins a landing from Google. */
export const adPlatform = {
  yahoo: "Yahoo! 広告",
  microsoft: "Microsoft 広告",
} as const;

export type AdPlatform = keyof typeof adPlatform;

/** What an import does at the moment. */
export const importStep = {
  waiting: "ほかの取り込みが終わるのを待っています",
  reading: "行を読んでいます",
  counting: "数え直しています",
} as const;

export type ImportStep = keyof typeof importStep;

/** Codes of {device} in Google Ads. https://support.google.com/google-ads/answer/6305348 */
export const device = { m: "スマートフォン", t: "タブレット", c: "パソコン" } as const;
