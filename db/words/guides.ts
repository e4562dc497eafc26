/** The pages that hand out guides. `limits` and `elsewhere` hold links, as HTML. A guide's own words are its entry's. */

const ja = {
  title: "無料の資料",
  description: "入院中の学びと復学、学校で病気の子どもを迎えるときの手引きを、無料でお渡ししています。",
  lead: "どなたでも受け取れます。印刷して、学校や病院との話し合いにお使いください。",
  /** What readers of another language should know of the files; empty in Japanese. */
  inJapanese: "",
  none: "いま、お渡しできる資料はありません。用意ができましたら、ここに並びます。",
  take: "この資料を受け取る",
  cover: (title: string) => `資料「${title}」の表紙`,
  contents: "なかみ",
  forWhom: "読んでいただきたい方",
  file: "形と大きさ",
  updated: "更新した日",
  /** "PDF、6ページ、約162KB". */
  pdf: (pages: number | null, size: string) => (pages === null ? `PDF、${size}` : `PDF、${pages}ページ、${size}`),
  about: (size: string) => `約${size}`,
  /** In the list, between what is said of a guide and around the day of its update. */
  line: { stop: "。", before: "、", after: "更新" },
  heading: "受け取る",
  emailLabel: "メールアドレス",
  email: "送るとすぐに、次の画面でお読みいただけます。同じリンクをメールでもお送りします。",
  newsletterLegend: "メールマガジン（任意）",
  send: "資料を受け取る",
  limits:
    '同じメールアドレスにお送りするのは、1日に3通まで（同じ資料のお申し込みには1日に1通）です。メールアドレスは、資料をお届けするためと、希望された方にメールマガジンをお送りするためだけに使います。<a href="/privacy">個人情報の扱い</a>',
  elsewhere:
    '<a href="/guides">資料の一覧</a>から、ほかの資料をお選びいただけます。お探しのことがあれば、<a href="/consultation">相談フォーム</a>からおたずねください。',
  lost: "入力された内容は、この画面にはもう残っていません。お手数ですが、もう一度メールアドレスを入れてください。",
  noGuide: {
    description: "資料のご案内です。",
    unknown: "資料が見つかりません",
    withdrawn: "この資料は、公開を終えました",
    why: "は、内容が古くなったなどの理由で、いまはお渡ししていません。",
  },
  quote: { before: "「", after: "」" },
  received: {
    title: "資料をお渡しします",
    description: "資料の受け取りの画面です。",
    open: "資料を開く（PDF）",
    until: { before: "", after: "まで、何度でも開けます。" },
    again: "もう一度メールで送る",
    newsletterHeading: "メールマガジンの登録は、あとひとつ",
    goneTitle: "この画面は表示できません",
    withdrawn: "は、公開を終えました。",
    gone: "リンクが途中で切れているか、表示できる期間が過ぎています。",
    others: '<a href="/guides">資料の一覧</a>から、ほかの資料をお選びいただけます。',
    retry: '<a href="/guides">資料の一覧</a>から、もう一度お受け取りいただけます。',
  },
  mailedAgain:
    "もう一度お送りするように受け付けました。ふつうは1分ほどで届きます。同じメールアドレスにお送りするのは1日に3通までですので、届かないときは、下のボタンからお開きください。",
  mailed: {
    before:
      "同じリンクを、メールでもお送りします。同じメールアドレスにお送りするのは、1日に3通まで（同じ資料のお申し込みには1日に1通）です。届かないときは、迷惑メール設定で ",
    after: " からのメールを受け取れるようにしてください。メールが届かなくても、上のボタンから開けます。",
  },
  newsletter:
    "確認のメールを別にお送りします。その中のリンクを開き、「登録する」ボタンを押すと、登録が終わります。押さなければ登録されず、メールマガジンは届きません。すでに登録が終わっている方には、確認のメールをお送りしません。確認のメールは、同じメールアドレスには1日に1通までです。今日すでにお送りしているときは、前のメールをお確かめください。",
  /** Why a guide, or its mail, is not sent; the last sentence follows the three before it. */
  refused: {
    withdrawn: "この資料は、公開を終えました。資料の一覧から、ほかの資料をお選びいただけます。",
    over: "この資料のリンクは、もう使えません。資料の一覧から、もう一度お申し込みください。",
    noAddress: "メールアドレスをもうお預かりしていないため、送れません。",
    often: (most: number) => `お受けできるのは、${most}回までです。`,
    soon: "さきほど受け付けたばかりです。1分ほど待っても届かないときに、もう一度押してください。",
    button: "資料は、この画面のボタンからいつでも開けます。",
  },
};

type Guides = typeof ja;

const easy: Guides = {
  title: "お金のいらない資料",
  description: "入院しているときの勉強や、学校にもどるときのことを書いた資料です。お金はいりません。",
  lead: "だれでも、もらえます。印刷して、学校や病院で話すときに使ってください。",
  inJapanese: "資料は、ふつうの日本語で書いてあります。わからないことは、相談のページに書いてください。",
  none: "いまは、資料がありません。できたら、ここに出ます。",
  take: "この資料をもらう",
  cover: (title) => `資料「${title}」の表紙`,
  contents: "書いてあること",
  forWhom: "読んでほしい人",
  file: "形と大きさ",
  updated: "新しくした日",
  pdf: (pages, size) => (pages === null ? `PDF、${size}` : `PDF、${pages}ページ、${size}`),
  about: (size) => `約${size}`,
  line: { stop: "。", before: "、", after: "に新しくしました" },
  heading: "もらう",
  emailLabel: "メールアドレス",
  email: "送ると、次の画面で読めます。メールでも送ります。",
  newsletterLegend: "お知らせのメール（えらばなくてもいいです）",
  send: "資料をもらう",
  limits:
    '同じメールアドレスには、1日に3通まで送ります（同じ資料は1日に1通です）。メールアドレスは、資料を送るために使います。お知らせがほしい人には、お知らせも送ります。ほかのことには使いません。<a href="/easy/privacy">あなたの情報を守ること</a>',
  elsewhere:
    '<a href="/easy/guides">資料のページ</a>に、ほかの資料があります。聞きたいことは、<a href="/easy/consultation">相談のページ</a>に書いてください。',
  lost: "書いたことは、もう残っていません。もう一度、メールアドレスを書いてください。",
  noGuide: {
    description: "資料のページです。",
    unknown: "資料が見つかりません",
    withdrawn: "この資料は終わりました",
    why: "は古くなりました。いまは、渡していません。",
  },
  quote: { before: "「", after: "」" },
  received: {
    title: "資料を読めます",
    description: "資料をもらうページです。",
    open: "資料を開く（PDF）",
    until: { before: "", after: "まで、何回でも開けます。" },
    again: "もう一度メールで送る",
    newsletterHeading: "お知らせのメールは、まだ終わっていません",
    goneTitle: "このページは見られません",
    withdrawn: "は終わりました。",
    gone: "リンクがまちがっているか、見られる日が過ぎました。",
    others: '<a href="/easy/guides">資料のページ</a>に、ほかの資料があります。',
    retry: '<a href="/easy/guides">資料のページ</a>で、もう一度もらえます。',
  },
  mailedAgain:
    "もう一度、メールを送ります。1分くらいで届きます。同じメールアドレスには、1日に3通まで送ります。届かないときは、下のボタンで開いてください。",
  mailed: {
    before:
      "同じリンクを、メールでも送ります。同じメールアドレスには、1日に3通まで送ります（同じ資料は1日に1通です）。届かないときは、「迷惑メール」の設定で ",
    after: " からのメールを受けとるようにしてください。メールが届かなくても、上のボタンで開けます。",
  },
  newsletter:
    "確かめるためのメールを送ります。メールのリンクを開いて、「登録する」ボタンをおしてください。おすと、お知らせが届きます。おさないと、お知らせは届きません。もう登録した人には、このメールは行きません。このメールは、同じメールアドレスには1日に1通です。今日のメールを見てください。",
  refused: {
    withdrawn: "この資料は終わりました。資料のページに、ほかの資料があります。",
    over: "このリンクは、もう使えません。資料のページで、もう一度もらってください。",
    noAddress: "あなたのメールアドレスは、もう残っていません。だから、送れません。",
    often: (most) => `送れるのは、${most}回までです。`,
    soon: "さっき、おしました。1分くらい待って、届かないときに、もう一度おしてください。",
    button: "資料は、この画面のボタンで、いつでも開けます。",
  },
};

const en: Guides = {
  title: "Free guides",
  description: "Free guides on learning in hospital, going back to school, and welcoming a child with an illness.",
  lead: "Anybody may have them. Print them, and take them along when you talk with the school or the hospital.",
  inJapanese:
    "The guides themselves are in Japanese, to be shown to schools and hospitals in Japan. If you would like to know what one says, you may ask us through the form in English.",
  none: "There is no guide to hand out at the moment. As soon as there is one, it stands here.",
  take: "Get this guide",
  cover: (title) => `Cover of the guide “${title}”`,
  contents: "What is in it",
  forWhom: "For",
  file: "File",
  updated: "Updated",
  pdf: (pages, size) => (pages === null ? `PDF, ${size}` : `PDF, ${pages} ${pages === 1 ? "page" : "pages"}, ${size}`),
  about: (size) => `about ${size}`,
  line: { stop: ". ", before: ", updated ", after: "" },
  heading: "Get it",
  emailLabel: "E-mail address",
  email: "You can read it on the next screen at once. We also send you the link by e-mail.",
  newsletterLegend: "Newsletter in Japanese (optional)",
  send: "Get the guide",
  limits:
    'We send at most three mails a day to one address (and one for the same guide). We use the address only to send you the guide, and the newsletter if you ask for it. <a href="/en/privacy">Privacy</a>',
  elsewhere:
    'Other guides stand on <a href="/en/guides">the list of guides</a>. If you are looking for something, ask us through <a href="/en/consultation">the form</a>.',
  lost: "What you entered is no longer on this screen. Please enter your e-mail address once more.",
  noGuide: {
    description: "About our guides.",
    unknown: "There is no such guide",
    withdrawn: "This guide is no longer offered",
    why: " is not handed out any more, for example because it is out of date.",
  },
  quote: { before: "“", after: "”" },
  received: {
    title: "Here is your guide",
    description: "The page on which you receive a guide.",
    open: "Open the guide (PDF, in Japanese)",
    until: { before: "You can open it as often as you like until ", after: "." },
    again: "Send the mail once more",
    newsletterHeading: "One more step for the newsletter",
    goneTitle: "This page cannot be shown",
    withdrawn: " is no longer offered.",
    gone: "The link is incomplete, or the time in which it can be used is over.",
    others: 'Other guides stand on <a href="/en/guides">the list of guides</a>.',
    retry: 'You can get the guide again from <a href="/en/guides">the list of guides</a>.',
  },
  mailedAgain:
    "We will send it once more. It usually arrives within a minute. We send at most three mails a day to one address: if nothing comes, open the guide with the button below.",
  mailed: {
    before:
      "We also send you the link by e-mail: at most three mails a day to one address, and one for the same guide. If it does not arrive, allow mail from ",
    after: " in your mail filter. Even without the mail, the button above opens the guide.",
  },
  newsletter:
    "We send you a separate mail to confirm. Open the link in it and press the button there, and you are on the list. If you do not press it, no newsletter comes. If you are on the list already, we send no such mail. It is sent at most once a day to one address: if we sent one earlier today, please look for that.",
  refused: {
    withdrawn: "This guide is no longer offered. Others stand on the list of guides.",
    over: "This link can no longer be used. Please ask for the guide again from the list of guides.",
    noAddress: "We no longer hold your e-mail address and cannot send it. ",
    often: (most) => `We can send it ${most} times at most. `,
    soon: "You have only just asked. Please wait a minute, and press again if nothing has come. ",
    button: "The button on this screen opens the guide at any time.",
  },
};

export const guidePages = { ja, easy, en };
