/** What people say of themselves when they ask for help, with the words they see for it. */

export const replyBy = {
  email: "メール",
  phone: "電話",
  site: "このサイトで読む",
  none: "返事はいらない（読んでほしい）",
} as const;

/** Who asked so is sent nothing: an answer is read on the site, and so counts once it is written. */
export const readOnSite: readonly (keyof typeof replyBy)[] = ["site", "none"];

export const relation = {
  parent: "親・保護者",
  self: "本人",
  sibling: "きょうだい",
  grandparent: "祖父母・親族",
  school: "学校の先生・養護教諭",
  medical: "病院・訪問看護などの医療職",
  welfare: "相談支援・福祉の職員",
  government: "保健所・市区町村・教育委員会の職員",
  other: "その他",
} as const;

export const topic = {
  schooling: "学校・勉強のこと",
  return_to_school: "復学のこと",
  local_resources: "地域で使える支援",
  respite: "預け先・休息",
  home_medical: "訪問診療・在宅でのケア",
  facility: "施設への入所",
  siblings: "きょうだいのこと",
  work_money: "仕事・お金のこと",
  peer: "同じ経験をした人と話したい",
  transition: "大人の医療への移行",
  advice: "気持ちの相談・何から始めるか",
  other: "その他",
} as const;

export const schoolStage = {
  before: "就学前",
  elementary: "小学生",
  junior_high: "中学生",
  high: "高校生",
  after: "高校卒業以降",
  unknown: "答えない・わからない",
} as const;

export const heardFrom = {
  search: "インターネット検索",
  advertisement: "検索や動画の広告",
  hospital: "病院・医療職の紹介",
  school: "学校の紹介",
  public_office: "保健所・役所の紹介",
  friend: "家族・知人",
  leaflet: "チラシ・冊子",
  event: "講演会・イベント",
  other: "その他",
} as const;

/** Whom the form for brothers, sisters and grandparents is for. */
export const relatives = ["sibling", "grandparent", "other"] as const;

/** Who writes by the path for professionals; the others write for themselves or their family. */
export const professions = ["school", "medical", "welfare", "government", "other"] as const;

/** A request as odd as this waits in the "check first" queue; see api/intake/spam-score.ts. */
export const reviewThreshold = 2;
