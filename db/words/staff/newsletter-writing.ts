/** Sentences for those who write an issue: how blocks are written, what a mail cannot show, and what is checked before sending. */

const placeBehind = (before: string) => (before === "" ? "いちばん前に" : `「${before}」のすぐあとに`);

export const writingWords = {
  hint: "見出しは「## 」、箇条書きは「- 」、太字は **言葉**、リンクは [言葉](https://…)、区切り線は「---」。団体名・住所・配信停止のリンクは、いちばん下に自動で入ります。",
  blocks: [
    { name: "ボタン", source: "[ボタン: 申し込む](https://…)" },
    { name: "資料", source: "[資料: 資料のアドレスの最後の言葉]" },
    { name: "画像", source: "![何が写っているか](/pictures/…)" },
  ],
  blocksHint: "どれも、前後に空の行を置いて、一行だけで書きます。「部品を入れる」を押すと、選ぶだけで入ります。",
  subject: "メールの一覧に出る言葉です。スマートフォンでは、はじめの 15〜20 文字ほどだけが見えます。",
  preheader: "一覧で件名の横や下に出る言葉です。空のときは、本文のはじめが出ます。メールを開くと見えません。",
  list: "選んだお知らせに登録を確認した読者だけに届きます。",
  showsSubject: "この題を、メールを開いたときのいちばん上にも大きく出す",
  noSubject: "（件名なし）",
  /** The state of an issue of which everything that is left waits for a person. */
  undecided: "決めてください",
  lastSaved: (name: string, when: string) => `最後に保存: ${name}さん ${when}`,
  unfinished: "送るには、件名と本文の両方が必要です。",
  deleteLead: "消すと、件名・前書き・本文は、だれにも読めなくなります。元に戻せません。",
  deletePictures: (count: number) =>
    `この下書きだけで使っている画像 ${count} 枚も消えます。試し送りのメールの中でも見えなくなります。`,
  deleteSent: "この号は、もう読者に届いています。消せません。",
  deleteChanged: "ほかの人が書き直しています。もう一度見てから、消すかどうかを決めてください。",
  testChanged: "ほかの人が先に書き直しています。いまの内容を見てから、もう一度試し送りをしてください。",
  insertChanged: "ほかの人が先に保存していました。いまの文章で、入れる場所をもう一度選んでください。",
  noWords: "ボタンの言葉を入力してください。",
  noLink: "アドレスは、https:// か / で始まるものを入力してください。",
  noGuideChosen: "資料を選んでください。",
  fileHint: "JPEG、PNG、WebP。10 MB まで。人が写った写真は、入れないでください。送ったメールは、あとで取り戻せません。",
  noFile: "画像のファイルを選んでください。",
  altNeeded: "何が写っているかを、言葉で入力してください。画像を出さない読者には、この言葉が届きます。",
  defaultListPublic: "このお知らせは、資料の申し込みと一緒に申し込めるので、非公開にできません。",
  listChanged: "ほかの人が先に変えていました。いまの内容を下に出しています。見比べて、もう一度保存してください。",
  problems: {
    noAlt: "画像に、何が写っているかの言葉がありません。![言葉](…) の「言葉」を書いてください。",
    noPicture:
      "この画像は見つかりません。アドレスが違うか、消されたか、サイトの記事の画像です。「部品を入れる」から、もう一度入れてください。",
    foreignPicture: (address: string) =>
      `ほかのサイトの画像（${address}）は入れられません。開いた人のことが、そのサイトに伝わるためです。メールには言葉だけが出ます。「部品を入れる」から、画像を入れ直してください。`,
    pictureInline: "画像が文の途中にあるので、言葉だけが出ます。前後に空の行を置いて、一行だけで書いてください。",
    noGuide: (slug: string) => `「${slug}」という資料は公開されていません。文字のまま出ます。`,
    scheme: (link: string) =>
      `リンク先「${link}」は開けません。https:// 、mailto: 、tel: か / で始まるアドレスにしてください。`,
    buttonInline:
      "ボタンが文の途中にあるので、ふつうのリンクになります。前後に空の行を置いて、一行だけで書いてください。",
    cutAddress: (address: string) =>
      `アドレスは「${address}」で終わります。日本語を含むアドレスは、[言葉](<アドレス>) の形で書いてください。`,
    html: (tag: string) => `HTML（${tag}）は使えません。文字のまま出ます。`,
    mergeTag: (tag: string) => `「${tag}」は、名前などに置きかわりません。文字のまま出ます。`,
    unknownBlock: (name: string) =>
      `「${name}」という部品はありません。文字のまま出ます。使えるのは、ボタン・資料・画像です。`,
    /** What a Japanese keyboard types full-width, and what to type in its place. */
    fullWidth: (typed: string, instead: string) =>
      `「${typed}」は、このままでは文字のまま出ます。半角で「${instead}」と書いてください。`,
    /** `before`: the words before the place; "" at the beginning of a line. */
    hidden: (before: string) =>
      `${placeBehind(before)}、目に見えない文字が入っています。ほかのところから写したときに、まざることがあります。前後の文字といっしょに消して、打ち直してください。`,
    turned: (before: string) =>
      `${placeBehind(before)}、文字の並ぶ向きを変える、目に見えない文字が入っています。続きの文字が、逆の順に見えることがあります。前後の文字といっしょに消して、打ち直してください。`,
    wideTable: (columns: number, most: number) =>
      `表の列が ${columns} 列あります。スマートフォンでは読みにくいので、${most} 列までにしてください。`,
  },
  checks: {
    heading: "送る前の確認",
    stop: "直してください",
    look: "見てください",
    good: "だいじょうぶです",
    nothing: "直すところも、見てほしいところも、ありません。",
    folded: (count: number) => `確かめたこと ${count} つ（だいじょうぶです）`,
    subjectMissing: "件名がありません。",
    bodyMissing: "本文がありません。",
    subjectLong: (letters: number) => `件名が ${letters} 文字あります。30 文字くらいまでが読みやすくなります。`,
    bodyLong: (letters: number) =>
      `本文が ${letters.toLocaleString("ja-JP")} 文字あります。読むのに ${Math.ceil(letters / 500)} 分くらいかかります。`,
    length: (letters: number) => `本文は ${letters.toLocaleString("ja-JP")} 文字です。`,
    alt: (count: number) => `画像 ${count} 枚すべてに、言葉があります。`,
    senderMissing: "団体の名前が設定にありません。メールには、送る人の名前が必要です。",
    addressMissing: "団体の住所が設定にありません。メールには、住所が必要です。",
    heldBack:
      "このサイトはまだ準備中なので、メールは職員のほかには送られません。いま送っても、読者には届きません。設定の「これは本物です」を押すと、送れるようになります。それまでも、試し送りはできます。",
    sender: (name: string, address: string) => `送る人の名前と住所: ${name}、${address}`,
    unsubscribe: "配信を止めるリンクが、メールの中と、メールソフトのボタンの両方に入ります。",
    noUnsubscribe: "配信を止めるリンクがありません。",
    size: (kilobytes: number) => `メールの大きさは ${kilobytes} KB です（100 KB まで）。`,
    tooBig: (kilobytes: number) =>
      `メールが ${kilobytes} KB あります。100 KB をこえると、途中で切れて、配信を止めるリンクが見えなくなることがあります。短くしてください。`,
    linkMissing: (url: string) => `このサイトに、このページはありません: ${url}`,
    linkStaff: (url: string) =>
      `職員だけが開ける画面へのリンクです。読者は開けません。だれでも見られるページのアドレスにしてください: ${url}`,
    linkUnsure: (url: string) => `いまは確かめられませんでした: ${url}`,
    linksGood: (count: number) => `このサイトへのリンク ${count} 本は、すべて開けます。`,
    tooManyLinks: (count: number) => `リンクが多いので、はじめの ${count} 本だけを確かめました。`,
    elsewhere: "ほかのサイトへのリンク（開いて確かめてください）",
    line: (line: number) => `${line} 行目`,
    /** The way to what is to be set right. */
    places: {
      subject: "件名を直す",
      preheader: "前書きを直す",
      body: "本文を直す",
      settings: "団体の設定を開く",
      real: "「これは本物です」を開く",
    },
    /** Before a sentence about one of them. */
    fields: { subject: "件名", preheader: "前書き", list: "お知らせの名前" },
    backToDraft: "下書きにもどして直す",
    forManagers: "設定を変えられるのは管理者です。管理者に頼んでください。",
    mistakes: (count: number) => `送る前に直すところが ${count} か所あります。直すと、ここから送れるようになります。`,
  },
} as const;
