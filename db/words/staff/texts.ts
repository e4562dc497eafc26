/** What managers read where they replace texts of the public pages. */

import type { Locale } from "#db/terms/locale.ts";

export const textWords = {
  tooLong: "文章は 10,000 文字までで入力してください。",
  oneLine: "見出しは、改行のない1行で入力してください。",
  noFacts: "用語の行の次に、「: 」で始まる説明の行を書いてください。",
  empty: "文章を入力してください。元の文に戻すときは「元の文に戻す」を押します。",
  reload: "画面が古くなっています。読み込み直して、もう一度お試しください。",
  unknown: (names: string) => `「${names}」は使えません。差しこめるのは、下の「差しこめることば」にあるものだけです。`,
  inLink: "リンクの行き先には、差しこみのことばを使えません。",
  conflict: (who: string, when: string) =>
    `${who}が${when}に、この文を先に変えていました。下に両方の文があります。見比べて、残したい文にしてからもう一度保存してください。`,
  person: (name: string) => `${name}さん`,
  nobody: "ほかの人",
  promise:
    "これは約束の文です。書いたことは、実際に守ることになります。数は {{keep_years}} のように差しこむと、設定を変えたときに一緒に変わります。",
  defaultShown: "いまは、元の文が出ています。",
  notUnderstood: (names: readonly string[]) =>
    `あなたの文にある「${names.join("」「")}」が分からないためです。書き直して保存すると、あなたの文に戻ります。`,
  gone: "この文の場所は、いまのページにありません。別の場所へ移すか、消してください。",
  taken: "移す先には、もう別の文があります。先にそちらを開いて、見比べてください。",
  noTarget: "移す先を選んでください。",
  notInFile: "ファイルの「texts」が読めません。このサイトで書き出したファイルを選んでください。",
  notChanged: "この文は、もう確かめてあります。",
} as const;

/** What the list of settings says of the texts, by the number of decisions that wait. */
export const listWords = (tasks: number): string =>
  tasks === 0
    ? "一般の方向けのページの文を、あなたの団体のことばに書きかえられます。"
    : `元の文が変わるなど、確かめることが${tasks}つあります。`;

/** Why a text waits for a decision, and what its state is called in the list. */
export const textStates = {
  same: "元の文のまま",
  replaced: "書きかえた",
  changed: "元の文が変わった",
  unknown: "差しこみが分からない",
  gone: "場所がない",
} as const;

export const sectionPageNames = {
  landing: "トップページ",
  receipt: "受付の画面",
  teens: "本人・中高生のページ",
  professionals: "先生・支援の方のページ",
  privacy: "個人情報の扱い",
  about: "わたしたちについて",
  help: "サイトの使い方",
  advertising: "広告の情報の使い方",
  accessibility: "アクセシビリティ",
} as const;

/** Where the page of a section is, in a language; the receipt is shown after sending alone. */
export const sectionPagePaths: Readonly<Record<keyof typeof sectionPageNames, string | undefined>> = {
  landing: "/",
  receipt: undefined,
  teens: "/teens",
  professionals: "/professionals",
  privacy: "/privacy",
  about: "/about",
  help: "/help",
  advertising: "/advertising",
  accessibility: "/accessibility",
};

export const textChangeWords = {
  edit: "書きかえた",
  take_back: "元の文に戻した",
  restore: "前の文に戻した",
  keep: "このままでよいとした",
  move: "別の場所へ移した",
  import: "ファイルから読み込んだ",
} as const;

/** How a text of each kind is written. */
export const kindHints = {
  line: "1行の見出しです。",
  text: "1つの段落です。[ことば](/help) でリンク、**ことば** で太字になります。",
  blocks:
    "段落は空の行で分け、箇条書きは行のはじめに「- 」を書きます。[ことば](/help) でリンク、**ことば** で太字になります。",
  facts: "用語の行の次に、「: 」で始まる説明の行を書きます。組と組のあいだは、空の行で分けます。",
} as const;

export const shortLocale: Readonly<Record<Locale, string>> = { ja: "日本語", easy: "やさしい日本語", en: "English" };
