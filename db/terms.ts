/**
 * The vocabularies of the field, with the words people see for them, and the facts about the
 * sample organisation that pages, mails and deadlines share. Pure data: every room may read it.
 */

/** The organisation this installation speaks for. Invented: it exists nowhere. */
export const organisation = {
  name: "ほしのこみち",
  fullName: "ほしのこみち（架空の見本団体）",
  invented: "この団体、人物、電話番号、住所はすべて架空の見本です。",
  purpose: "長い療養とともに暮らす子どもと家族の相談室",
  area: "岡山県",
  address: "〒700-0000 岡山県岡山市見本町0-0-0",
  phone: "086-000-0000",
  /** Opening hours of the phone, Asia/Tokyo, business days only. */
  hours: { opens: "10:00", closes: "17:00", label: "平日 10:00〜17:00（土日・祝日・年末年始はお休み）" },
  /** Ways to reach us beside form and phone, as plain links. Empty when there are none. */
  channels: [{ label: "LINE", href: "https://line.example.jp/hoshinokomichi" }],
  /** We answer within this many business days; see `replyBy` in api/calendar.ts. */
  replyBusinessDays: 3,
  /** Consultation records are kept this many years after the support has ended. */
  keepYears: 3,
  /** Mail addresses given for a guide alone are kept this many years after the request. */
  keepRequestYears: 1,
  /** Backups, which still hold what was erased since, are kept at most this many days. */
  keepBackupDays: 35,
  /** Year-end closing as MM-DD, inclusive, wrapping over the new year. */
  yearEndClosing: { from: "12-29", to: "01-03" },
} as const;

/** The words a person agrees to when asking for help; stored with the consultation exactly as shown. */
export const consultationConsent = `お子さんの病気や暮らしについて書いたこと（法律で「要配慮個人情報」とされる、とくに大切な情報を含みます）を、${organisation.name}の相談担当者が読み、お返事と支援のためだけに使い、保管することに同意します。`;

/** The words a professional agrees to when asking about somebody they support. */
export const professionalConsent = `お子さんやご家族がだれのことか分かる内容（名前、学校名、病院名など）を書いていないことを確かめました。書いたことを、${organisation.name}の相談担当者が読み、お返事と支援のためだけに使い、保管することに同意します。`;

const doubleOptIn = "登録は、あとで届く確認メールのボタンを押したときに完了します。いつでもやめられます。";

/** The words a person agrees to on the newsletter's own page. */
export const newsletterConsent = `選んだお知らせを、${organisation.name}からこのメールアドレスで受け取ることに同意します。${doubleOptIn}`;

/** What saving the choice of lists means, on the page behind a link in every issue. */
export const preferencesConsent = `チェックを入れたお知らせを、${organisation.name}からこのメールアドレスで受け取ることに同意します。チェックのないお知らせは受け取りません。いつでもやめられます。`;

/** The words a person agrees to when ticking the newsletter box beside a guide. */
export const guideNewsletterConsent = `このメールアドレスで、${organisation.name}のメールマガジン（月に1回ほど）も受け取ることに同意します。${doubleOptIn}`;

/** The languages of the public site, each in its own words. */
export const locale = {
  ja: "日本語",
  easy: "やさしい日本語",
  en: "English",
} as const;

export const replyBy = {
  email: "メール",
  phone: "電話",
  none: "返事はいらない（読んでほしい）",
} as const;

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

/** JIS X 0402 codes of the municipalities of the sample's prefecture, and one for elsewhere. */
export const municipality = {
  "33100": "岡山市",
  "33202": "倉敷市",
  "33203": "津山市",
  "33204": "玉野市",
  "33205": "笠岡市",
  "33207": "井原市",
  "33208": "総社市",
  "33209": "高梁市",
  "33210": "新見市",
  "33211": "備前市",
  "33212": "瀬戸内市",
  "33213": "赤磐市",
  "33214": "真庭市",
  "33215": "美作市",
  "33216": "浅口市",
  "33346": "和気町",
  "33423": "早島町",
  "33445": "里庄町",
  "33461": "矢掛町",
  "33586": "新庄村",
  "33606": "鏡野町",
  "33622": "勝央町",
  "33623": "奈義町",
  "33643": "西粟倉村",
  "33663": "久米南町",
  "33666": "美咲町",
  "33681": "吉備中央町",
  other: "岡山県の外",
} as const;

/** Who writes by the path for professionals; the others write for themselves or their family. */
export const professions = ["school", "medical", "welfare", "government", "other"] as const;

/** Lines of the whole country that answer when we do not; their names stand in the dictionary. */
export const nationalLines = {
  medical: "#8000",
  children: "0120-0-78310",
  anyone: "0120-279-338",
  abuse: "189",
} as const;

export const role = {
  manager: "管理者",
  coordinator: "相談コーディネーター",
  peer: "ピアサポーター",
  fundraiser: "広報・寄付担当",
  analyst: "分析担当",
} as const;

export const caseState = {
  new: "未対応",
  open: "対応中",
  waiting: "返事待ち",
  closed: "終了",
} as const;

export const closureReason = {
  settled: "困りごとが落ち着いた",
  handed_over: "他の機関へ引き継いだ",
  no_answer: "連絡が取れない",
  not_a_case: "相談ではなかった（営業など）",
  other: "その他",
} as const;

/** Why something was erased: somebody asked for it, or the time for keeping it was over. */
export const erasureReason = {
  request: "ご本人の求め",
  retention: "保管期間の終わり",
} as const;

/** Who takes part in a contact written into the journal, and with whom. */
export const party = {
  family: "家族・本人",
  staff: "当団体の職員",
  medical: "医療機関",
  school: "学校",
  board_of_education: "教育委員会",
  health_centre: "保健所",
  city_office: "市区町村",
  consultation_support: "相談支援事業所",
  visiting_nurse: "訪問看護ステーション",
  welfare: "福祉施設・事業所",
  other: "その他",
} as const;

export const entryChannel = {
  phone: "電話",
  email: "メール",
  visit: "訪問",
  meeting: "会議・面談",
  online: "オンライン",
  note: "メモ",
} as const;

export const deliveryKind = {
  receipt: "相談の受付メール",
  staff_notice: "職員への通知",
  reply_notice: "お返事のお知らせ",
  guide_link: "資料のご案内",
  confirmation: "メルマガの登録確認",
  newsletter: "メルマガ",
  newsletter_test: "メルマガの試し送り",
  invitation: "職員の招待",
  sign_in_notice: "ログインの失敗のお知らせ",
} as const;

/** The life of a message; `uncertain`: the connection died after the text was handed over. */
export const deliveryState = {
  queued: "送信待ち",
  leased: "送信中",
  accepted: "送信済み",
  retry: "再送待ち",
  failed: "届かなかった",
  uncertain: "届いたか不明",
  suppressed: "送信停止の宛先",
  cancelled: "取りやめ",
} as const;

/** Why somebody stops reading, asked once and only afterwards. */
export const unsubscribeReason = {
  too_many: "届く回数が多い",
  not_for_me: "知りたいことと合わない",
  settled: "暮らしや状況が変わった",
  hard_to_read: "読むのがつらい",
  not_me: "申し込んだ覚えがない",
  other: "その他",
} as const;

export const newsletterState = { draft: "下書き", sending: "送信中", sent: "送信済み" } as const;

/** A request as odd as this waits in the "check first" queue; see api/suspicion.ts. */
export const doubtful = 2;

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

export type Locale = keyof typeof locale;
export type Role = keyof typeof role;
export type CaseState = keyof typeof caseState;
export type ErasureReason = keyof typeof erasureReason;
export type DeliveryKind = keyof typeof deliveryKind;
export type DeliveryState = keyof typeof deliveryState;
export type MatchType = keyof typeof matchType;
export type KeywordMissing = keyof typeof keywordMissing;

/** The codes of a vocabulary as the tuple that zod and the schema want. */
export function codes<const T extends Record<string, string>>(terms: T) {
  return Object.keys(terms) as [keyof T & string, ...(keyof T & string)[]];
}
