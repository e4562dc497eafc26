/** What is said about how far an installation is, and about becoming real. */

export const readinessWords = {
  answered: (count: number, all: number) =>
    count === all ? "すべて答えました。" : `${count} / ${all}。続きから答えられます。`,
  logo: "サイトのアイコンや、リンクを共有したときの画像に出ます。",
  state: { todo: "まだ", sample: "見本のまま", done: "済", optional: "なくてもよい" },
  stage: { sample: "見本", own: "準備中", real: "本物" },
  notGiven: (label: string) => `「${label}」がまだありません。`,
  isSample: (label: string) => `「${label}」が見本のままです。`,
  isExample: (address: string) =>
    `${address} は例のためのアドレスで、メールが届きません。本当のアドレスにしてください。`,
  notHttps: (origin: string) =>
    `サイトのアドレスが ${origin} です。https:// で始まる公開のアドレスを、サーバーの PUBLIC_ORIGIN に入れてください。`,
  keyNotNoted: "金庫の鍵（サーバーで npm run -s cli -- keys と打つと出ます）を紙に控えたことを、まだ確かめていません。",
  oneManager: "管理者がひとりだけです。もうひとり招待するか、ひとりだけで始めることを確かめてください。",
  notTested: "試しの相談がまだ見つかりません。サイトの相談フォームから送り、「すべての相談」で開いてください。",
  sampleRows: "見本の相談やメールが残っています。「見本を片づける」を押してください。",
  notYet: (sentences: string) => `まだ本物にできません。${sentences}`,
  isReal: "もう本物になっています。",
  answersFirst: (left: number) => `先に、はじめの9つの質問に答えてください。あと${left}つです。`,
  byVariable: (variable: string) => `環境変数 ${variable} で決まっています。`,
  nothingMissing: "足りないものは、ありません。",
  noSample: "片づける見本は、もうありません。",
  notInReal: "The installation is real: the sample is not loaded among real families.",
  upgraded: "以前からお使いの設置です。団体の情報を確かめてください",
} as const;

/** What was seen of a DNS record, and what is said where only the mail service knows its text. */
export const recordWords = {
  seen: "見えています",
  other: "別の内容が見えます",
  not_yet: "まだ見えません",
  unknown: "いまは確かめられません",
  byService: {
    SPF: "送信サービスの案内にある「v=spf1 …」の値を、そのまま入れてください。",
    DKIM: "送信サービスの案内にある名前と値を、そのまま入れてください。",
    DMARC: "",
  },
} as const;
