/** What is said of an address at which nothing is. */

const ja = {
  title: "ページが見つかりません",
  description: "お探しのページは見つかりませんでした。",
  why: "ページの場所が変わったか、リンクが途中で切れています。あなたの操作がまちがっていたわけではありません。",
  start: "最初のページ",
};

const easy: typeof ja = {
  title: "ページが見つかりません",
  description: "このページはありません。",
  why: "ページの場所が変わったか、リンクが足りません。あなたのまちがいではありません。",
  start: "はじめのページ",
};

const en: typeof ja = {
  title: "There is no such page",
  description: "The page you asked for was not found.",
  why: "It may have moved, or the link may be incomplete. It is not your mistake.",
  start: "First page",
};

export const missing = { ja, easy, en };
