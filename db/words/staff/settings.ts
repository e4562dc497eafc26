/** What the settings pages say: the name of each setting, its hint, and why a value is refused. */

import type { SettingKey, Weekday } from "#db/settings/keys.ts";

interface SettingWords {
  label: string;
  /** Beside the sample's value, which the page adds as an example. */
  hint?: string;
  /** Why a value is refused, and how it has to look. */
  refused: string;
}

const long = (max: number) => `${max}文字までで、1行で入力してください。`;
const within = (from: number, to: number, unit: string) => `${from}から${to}までの数字（${unit}）で入力してください。`;

/** By key, in the order of the keys. */
export const settingWords: Readonly<Record<SettingKey, SettingWords>> = {
  "name.ja": { label: "団体の名前", hint: "サイトの見出しやメールの署名に出ます。", refused: long(60) },
  "name.easy": {
    label: "団体の名前（やさしい日本語のページ）",
    hint: "ふつうは、上と同じで大丈夫です。",
    refused: long(60),
  },
  "name.en": { label: "団体の名前（英語のページ）", hint: "ローマ字でも大丈夫です。", refused: long(80) },
  "name.reading": {
    label: "名前の読みかた",
    hint: "ひらがなで。ふりがなに使います。",
    refused: "ひらがなで、120文字までで入力してください。",
  },
  "legal_name.ja": {
    label: "法人名",
    hint: "登記したとおりの名前です。同意の文と「私たちについて」に出ます。",
    refused: long(100),
  },
  "legal_name.en": { label: "法人名（英語）", refused: long(120) },
  "purpose.ja": { label: "どんな団体か、ひとことで", hint: "名前のすぐ下に出ます。", refused: long(120) },
  "purpose.easy": { label: "どんな団体か（やさしい日本語）", refused: long(120) },
  "purpose.en": { label: "どんな団体か（英語）", refused: long(160) },
  prefecture: { label: "都道府県", refused: "都道府県を選んでください。" },
  municipalities: {
    label: "相談を受ける市町村",
    hint: "相談フォームで選べる市町村です。一つも選ばないと、都道府県のすべてになります。",
    refused: "市町村を選び直してください。",
  },
  "address.ja": { label: "住所", hint: "郵便番号から。お手紙が届く住所です。", refused: long(150) },
  "address.easy": { label: "住所（やさしい日本語）", hint: "空のままなら、上の住所が出ます。", refused: long(150) },
  "address.en": { label: "住所（英語）", hint: "空のままなら、日本語の住所が出ます。", refused: long(200) },
  phone: {
    label: "電話番号",
    hint: "市外局番から、ハイフン（-）を入れて。",
    refused:
      "電話番号は、市外局番から、数字とハイフンで入力してください。電話がないときは「電話はない」に印をつけてください。",
  },
  hours: {
    label: "電話や相談を受ける時間",
    hint: "お返事の約束の日数も、この曜日で数えます。",
    refused: "始まりと終わりの時刻を、始まりのほうが早くなるように入れてください。",
  },
  closed_on_holidays: { label: "祝日は休み", refused: "選び直してください。" },
  year_end: {
    label: "年末年始の休み",
    hint: "月と日を「12-29」のように。休みがないときは、両方とも空にしてください。",
    refused: "年末年始の休みは、月と日を「12-29」のように入れてください。片方だけにはできません。",
  },
  closing_days: {
    label: "そのほかの休みの日",
    hint: "夏休みなど。1行に1日ずつ、「2027-08-13」のように。",
    refused: "休みの日は、1行に1日ずつ、「2027-08-13」のように入れてください。200日までです。",
  },
  channels: {
    label: "ほかの窓口",
    hint: "LINE など。1行に一つ、「LINE https://…」のように、呼び名とアドレスのあいだを空けて。6つまで。",
    refused:
      "1行に一つ、「LINE https://…」のように、呼び名と、https:// で始まるアドレスを入れてください。6つまでです。",
  },
  quick_exit: {
    label: "「すぐに離れる」ボタンの行き先",
    hint: "家庭で安全でない方のためのボタンです。天気予報など、見られても困らないページのアドレスを入れると、一般の方向けのすべてのページに出ます。ブラウザーの履歴は消えません。",
    refused: "https:// で始まるアドレスを入れてください。ボタンがいらないときは、空にしてください。",
  },
  notify: {
    label: "相談が届いたお知らせの、あて先",
    hint: "1行に1つ。お知らせのメールに、相談の内容は書かれません。",
    refused: "メールアドレスを、1行に1つずつ入れてください。20までです。",
  },
  reply_days: {
    label: "お返事を約束する日数",
    hint: "相談が届いた次の日から数えます。休みの日は数えません。",
    refused: within(1, 14, "日"),
  },
  keep_years: {
    label: "相談の記録を残す年数",
    hint: "支援が終わってから。プライバシーのページで約束します。",
    refused: within(1, 30, "年"),
  },
  keep_request_years: {
    label: "資料の申し込みの記録を残す年数",
    hint: "資料だけを申し込んだ人のアドレスです。",
    refused: within(1, 10, "年"),
  },
  keep_backup_days: {
    label: "バックアップを残す日数",
    hint: "消した記録も、この日数のあいだバックアップに残ります。実際に消す仕組みは、サーバーの担当者に確かめてください。",
    refused: within(7, 400, "日"),
  },
  publish_threshold: {
    label: "公表しない少ない件数",
    hint: "この数より少ない件数は、だれのことか分かるかもしれないため、公表しません。",
    refused: within(3, 20, "件"),
  },
  publish_numbers: {
    label: "「数字で見る」のページを公開する",
    hint: "4〜6月、7〜9月、10〜12月、1〜3月が終わって2週間たつと、届いた相談とお渡しした資料の数、お返事までの日数を、自動でページに載せます。少ない件数は、上の数のとおりに伏せます。載せた数は、あとから変えられません。印を外すと、ページごと見えなくなります。",
    refused: "選び直してください。",
  },
  colour: {
    label: "団体の色",
    hint: "「#」と、0から9・aからfの6文字（または3文字）で。空のままなら、青になります。",
    refused: "色は「#0055ad」のように、「#」と6文字で入力してください。",
  },
  logo: { label: "ロゴ", refused: "ロゴは、ロゴのページから選んでください。" },
  "mail_from.name": { label: "メールの差出人の名前", hint: "空のままなら、団体の名前になります。", refused: long(80) },
  "mail_from.address": {
    label: "メールの差出人のアドレス",
    hint: "団体のドメインのアドレスにしてください。",
    refused: "メールアドレスを、「soudan@（団体のドメイン）」のように入力してください。",
  },
  allowed_domain: {
    label: "ご家族に、受信できるようにしていただくドメイン",
    hint: "空のままなら、差出人のアドレスの「@」より後ろになります。",
    refused: "「@」より後ろの部分だけを、「soudan.jp」のように入力してください。",
  },
  "outline.founded": { label: "設立", hint: "例: 2012年4月", refused: long(40) },
  "outline.representative": { label: "代表", hint: "例: 理事長 ○○ ○○", refused: long(60) },
  "outline.business": { label: "事業の内容", refused: long(400) },
  "outline.staff_count": { label: "職員の人数", hint: "例: 常勤2名、非常勤3名", refused: long(40) },
  readings: {
    label: "ふりがな",
    hint: "団体だけの言葉の読みかた。1行に一つ、「児島湾 こじまわん」のように、言葉と読みのあいだを空けて。",
    refused: "1行に一つ、「児島湾 こじまわん」のように、言葉と、ひらがなの読みを入れてください。100までです。",
  },
};

/** Sentences of the settings pages. */
export const settingsWords = {
  title: "設定",
  example: (text: string) => `例: ${text}`,
  alwaysClosed: "一日も開いていません。お返事の日を数えられるように、受ける曜日を一つは選んでください。",
  prefectureFirst: "さきに、「場所と時間」で都道府県を選んでください。",
  noSuchKey: (key: string) => `「${key}」という設定はありません。`,
  noFile: "書き出した設定のファイルを選んでください。",
  notOurFile:
    "このファイルは、設定のファイルとして読めませんでした。「設定を書き出す」で作ったファイルを選んでください。",
  reload: "画面が古くなっています。開き直してから、もう一度保存してください。",
  /** A variable of the environment decides it. */
  byVariable: (variable: string) =>
    `サーバーの設定（環境変数 ${variable}）で決まっています。ここで変えるには、${variable} を取り除いて、起動し直してください。`,
  /** `who`, `when` and the names of the settings. */
  conflict: (who: string, when: string, labels: string) =>
    `${who}が ${when} に「${labels}」を変えました。いまの内容と、書いた内容を見くらべて、もう一度保存してください。書いた内容は残っています。`,
  nobody: "サーバーの操作",
  person: (name: string) => `${name}さん`,
  changedMeanwhile: "見ていたあいだに、ほかの人がまた変えました。もう一度見くらべてください。",
  notTakenBack: "見本と本物の切りかえや、確かめた印は、ここでは取り消せません。",
  nothingToTakeBack: "もう、もとの内容になっています。",
  notGiven: "（まだ入れていない）",
} as const;

export const weekdayLabel: Readonly<Record<Weekday, string>> = {
  ...{ mon: "月", tue: "火", wed: "水", thu: "木", fri: "金", sat: "土", sun: "日" },
};

/** Title and first sentence of each page of settings. */
export const sectionWords = {
  name: { title: "名前", lead: "サイト、メール、同意の文に出る名前です。保存すると、すぐに変わります。" },
  place: { title: "場所と時間", lead: "住所と電話番号、相談を受ける曜日と時間、休みの日です。" },
  area: { title: "市町村", lead: "ご家族がお住まいを選ぶときに出る市町村です。" },
  promises: { title: "約束", lead: "ご家族に約束することです。プライバシーのページの文章も、ここの数字で変わります。" },
  outline: { title: "法人の概要", lead: "「私たちについて」のページに出ます。空のままのところは、出ません。" },
  sender: { title: "送り主", lead: "サイトから送るメールの差出人です。" },
  channels: { title: "ほかの窓口", lead: "電話とフォームのほかに、ご家族が使える窓口です。" },
  colour: { title: "色", lead: "サイトの見出しやボタンに使う、団体の色です。" },
  readings: { title: "ふりがな", lead: "ふりがなの表示に使う、団体だけの言葉の読みかたです。" },
} as const;

/** How a change came about, by its code. */
export const changeKindLabel = {
  edit: "設定の画面",
  first_run: "はじめの質問",
  import: "ファイルの読み込み",
  take_back: "取り消し",
  sample_removed: "見本の片づけ",
  made_real: "本物への切りかえ",
  upgrade: "更新",
} as const;

const otherRows: Readonly<Record<string, string>> = {
  stage: "見本・準備中・本物",
  "confirmed.vault_key": "金庫の鍵の控え",
  "confirmed.one_manager": "管理者はひとりだけ",
};

/** What a row of the history is about; its key where this release does not know it. */
export const rowLabel = (key: string): string =>
  Object.hasOwn(settingWords, key) ? settingWords[key as SettingKey].label : (otherRows[key] ?? key);

export const firstRunWords = {
  steps: {
    who: {
      title: "どんな団体ですか",
      lead: "3つの質問です。分からないものは、空のままで先へ進めます。あとからいつでも答えられます。",
    },
    place: { title: "どこで、いつ", lead: "ご家族が連絡するときに見る、場所と時間です。" },
    promise: {
      title: "約束とお知らせ",
      lead: "さいごの2つです。お返事を何日以内にするかは、サイトにもメールにも出ます。",
    },
  },
  card: (left: number) => `はじめの質問が、あと${left}つあります。`,
  cardLink: "続きを答える",
} as const;

/** What a field of a settings form is about, such as "hours.mon.opens"; its own name where it is none. */
export function labelOfField(name: string): string {
  const key = Object.keys(settingWords).find((one) => name === one || name.startsWith(`${one}.`));
  return key === undefined ? name : settingWords[key as SettingKey].label;
}
