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
