/** The page on what advertisements leave behind, but for its replaceable sections (sections/advertising.ts). */

const ja = {
  title: "広告の情報の使い方",
  description: "検索や動画の広告から来られたときに記録すること、しないことを書きました。",
  headings: { records: "記録すること", never: "しないこと", without: "記録されたくないとき" },
};

type Advertising = typeof ja;

const easy: Advertising = {
  title: "広告のこと",
  description: "広告を見て来た人のことで、残すことと、残さないことを書きました。",
  headings: { records: "残すこと", never: "しないこと", without: "残してほしくないとき" },
};

const en: Advertising = {
  title: "Advertising data",
  description: "What we record when somebody comes from an advertisement, and what we never do.",
  headings: { records: "What we record", never: "What we never do", without: "If you would rather not be counted" },
};

export const advertising = { ja, easy, en };
