/** What staff read where they write and publish the organisation's entries. */

import type { ContentKind, RevisionOrigin } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";

export const contentWords = {
  guideItself: "資料の日本語を変える、公開を終える、また公開するのは、「資料」の画面でお願いします。",
  putAwayFirst: "先に、この項目をしまってください。",
  noFile: "書き出した「サイトの内容」のファイルを選んでください。",
  notOurFile: "書き出した「サイトの内容」のファイルではないようです。何も取りこんでいません。",
  guideElsewhere: "資料は、「資料」の画面で、PDF といっしょに加えてください。",
  reload: "画面が古くなっています。読み込み直して、もう一度お試しください。",
  tooLong: (label: string, max: number) => `「${label}」は ${max.toLocaleString("ja")} 文字までで入力してください。`,
  oneLine: (label: string) => `「${label}」は、改行のない1行で入力してください。`,
  day: "日付は、暦にある日を入力してください。",
  time: "時刻は「13:30」のように入力してください。",
  link: "アドレスは https:// から入力してください。",
  number: (label: string) => `「${label}」は、1以上の数字で入力してください。`,
  choice: "一覧から選んでください。",
  moment: "出す日と時刻を入力してください。",
  past: "出す日と時刻は、これからの日時にしてください。いま出すときは「いま出す」を押します。",
  empty: "まだ何も書かれていません。どれかの欄に書いてから、保存してください。",
  missing: (language: string, label: string) => `${language}の「${label}」を入力してください。出すときに要ります。`,
  missingFact: (label: string) => `「${label}」を入力してください。出すときに要ります。`,
  noAlt: (language: string) =>
    `写真の「代わりの文」が、${language}でまだ書かれていません。写真を見られない方のために、出すときに要ります。`,
  conflict: (who: string, when: string, what: string) =>
    `${who}が${when}に、${what}を先に変えていました。まだ何も保存していません。両方の文が下にあります。見比べて、残したい文にしてから、もう一度保存してください。`,
  person: (name: string) => `${name}さん`,
  nobody: "ほかの人",
  changedMeanwhile: (language: string) =>
    `この画面を開いたあとで、${language}が変わっていました。下のいまの状態を確かめてから、もう一度お試しください。`,
  nothingThere: (language: string) => `${language}は、まだ書かれていません。`,
  sampleText: "これは見本の文のままです。あなたの団体のことばに書きかえて保存すると、出せます。",
  isPutAway: "しまってある項目です。先に「一覧に戻す」を押してください。",
  notShown: (language: string) => `${language}は、いま出ていません。`,
  notScheduled: "出す予定は、もうありません。",
  notBehind: "日本語との違いは、もう確かめてあります。",
  japaneseChanged: "日本語が、さらに変わりました。いまの日本語と見比べてから、もう一度押してください。",
  sameText: "いまの下書きが、その文です。",
  wasPublished:
    "一度でもサイトに出した項目は、消せません。「しまう」を押すと、サイトと一覧から外れます。記録は残ります。",
  hasRecords: "掲載の同意や、確かめるためのリンクの記録がある項目は、消せません。「しまう」を押してください。",
  orderChanged: "ほかの人が並び順を変えていました。いまの順番が下に出ています。もう一度押してください。",
  byDay: "催しとお知らせは、日の順に並びます。順を変えるには、日を変えてください。",
  onEdge: "これより先へは動かせません。",
  factsAtOnce: "ここで変えたことは、どの言語にも同じに、保存するとすぐに出ます。",
  waitsForConsent:
    "この種類は、本人や家族の同意があってはじめて出ます。「保存して出す」を押すと、同意を記録したときに出ます。",
  eachLanguage:
    "言語はひとつずつ別に保存され、別に出ます。どの言語から書いても、ひとつの言語だけでもかまいません。書いていない言語のページには、この項目は出ません。",
} as const;

/** What changed, in the sentence of a conflict. */
export const conflictParts = (languages: readonly Locale[], facts: readonly string[]): string =>
  [...languages.map((locale) => `${languageName[locale]}の文`), ...facts.map((label) => `「${label}」`)].join("と");

export const languageName: Readonly<Record<Locale, string>> = {
  ja: "日本語",
  easy: "やさしい日本語",
  en: "English",
};

/** Short enough for a row of the list. */
export const languageMark: Readonly<Record<Locale, string>> = { ja: "日本語", easy: "やさしい", en: "English" };

/** What the entries of a kind are for, on its card. */
export const kindWords: Readonly<Record<ContentKind, string>> = {
  worry: "トップページの「心配ごと」。相談フォームの項目につながります。",
  story: "相談がどう進んだかの紹介。家族の同意があるあいだだけ出ます。",
  voice: "相談した方の声。本人の同意があるあいだだけ出ます。",
  person: "相談を受ける人の紹介。本人の同意があるあいだだけ出ます。",
  partner: "いっしょに支える団体や機関。",
  video: "動画へのリンクと、見られない方のための文。",
  headline: "広告から来た方に、トップページで見せる見出し。",
  event: "催しの日、場所、対象、申し込み方。終わった催しは、自動で出なくなります。",
  faq: "よくある質問と答え。",
  news: "団体からのお知らせ。日の新しいものから、サイトに並びます。",
  guide: "資料の並びと、ほかの言語での題名と紹介。日本語とPDFは「資料」の画面で変えます。",
};

/** What a state of a language is called; the day stands before 「に出ます」. */
export const stateWords = {
  none: "まだありません",
  draft: "下書き",
  shown: "出ています",
  shownWithDraft: "出ています・下書きあり",
  ended: "同意が終わりました",
  withdrawn: "取り下げ中",
  waits: "同意待ち",
  next: (day: string) => `${day}に出ます`,
  stale: "遅れ",
} as const;

/** Of a translation that is behind its Japanese. */
export const staleWords = {
  heading: "もとの日本語が変わりました",
  lead: "訳したときの日本語と、いま出ている日本語です。直すところがなければ「このままでよい」を押します。",
  keep: "このままでよい",
  agrees: "いまの日本語に合わせた",
} as const;

/** Of what is public of a language. */
export const panelWords = {
  waits: (isShown: boolean) =>
    isShown
      ? "新しい文は、同意を待っています。それまでは、同意のあるいまの文が出ています。"
      : "同意を待っています。この文への同意を記録すると、出ます。",
  ended: "同意が終わったか、取り消されたため、サイトには出ていません。同意を新しく記録すると、また出ます。",
  scheduleHint: (isBound: boolean) =>
    `いまの下書きが、日本の時刻でその時に出ます。${isBound ? "それまでに同意が記録されていなければ、記録されたときに出ます。" : ""}`,
} as const;

/** Who wrote a text that no member of staff wrote. */
export const originWords: Readonly<Record<RevisionOrigin, string>> = {
  staff: "職員",
  sample: "見本",
  starter: "はじめから入っていた文",
  upgrade: "前の版からの引きつぎ",
  import: "ファイルから読み込み",
};
