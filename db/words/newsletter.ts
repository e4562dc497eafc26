/** The newsletter's page with its form, and the page that follows. What the lists are called is theirs in Japanese. */

/** Name and description of a list by its slug; Japanese ones are the list's own. */
type ListNames = Partial<Record<string, { name: string; description: string }>>;

const ja = {
  title: "メールマガジン",
  description:
    "催しや資料のお知らせ、療養中の学びのことなどをお届けするメールマガジンです。受け取るお知らせを選べます。",
  lead: "催しや新しい資料のお知らせ、療養中の学びや暮らしのことをお届けします。相談とは別のもので、相談をした方に勝手にお送りすることはありません。",
  /** What readers of another language should know; empty in Japanese. */
  inJapanese: "",
  lists: {} as ListNames,
  choose: "受け取りたいお知らせ",
  chooseHint: "いくつでも選べます。あとから選び直すこともできます。",
  emailLabel: "メールアドレス",
  email: "確認のメールをお送りします。同じメールアドレスにお送りするのは、1日に1通までです。",
  consentLegend: "受け取りの同意",
  send: "申し込む",
  stop: "いつでも、メールのいちばん下のリンクですぐに止められます。",
  issues: "これまでの号",
  noIssue: "最初の号を準備しています。",
  year: (year: string) => `${year}年`,
  feed: {
    before: "メールアドレスを登録せずに読みたい方は、",
    link: "フィード（Atom）",
    after: "もお使いいただけます。",
  },
  requestedTitle: "確認メールを開いてください",
  requestedDescription: "メールマガジンを申し込まれた方への、このあとのご案内です。",
  requested:
    "メールマガジンを申し込まれた方には、確認メールをお送りします。登録は、届いたメールのリンクを開き、「登録する」ボタンを押すと終わります。リンクは7日間使えます。",
  /** Until the site is real, where mail leaves the machine. */
  heldBack: "このサイトはまだ準備中のため、確認メールは職員のほかには送っていません。",
  missingHeading: "メールが届かないときは",
  spam: "迷惑メールのフォルダーに入っていないか、ご確認ください。",
  allow: (domain: string) =>
    `携帯電話の迷惑メール設定で「${domain}」からの受信を許可して、次の日にもう一度お申し込みください。`,
  back: "これまでの号を読む・まだの方は申し込む",
  lost: "お申し込みのあとのご案内や、入力された内容は、この画面にはもう残っていません。申し込みを終えた方は、届いた確認メールをお開きください。まだの方は、お手数ですが、もう一度入力してください。",
  onceADay:
    "確認メールは、同じメールアドレスには1日に1通までです。今日すでにお送りしているときは、前のメールをお確かめください。そのあとに申し込まれたお知らせの確認メールは、前のメールから1日たってからお送りします。",
  registered:
    "すでに登録が終わっているお知らせについては、確認メールをお送りしません。受け取るお知らせは、届いている号のいちばん下のリンクで選び直せます。",
};

type Newsletter = typeof ja;

const easy: Newsletter = {
  title: "お知らせのメール",
  description: "集まりや新しい資料のお知らせを、メールで送ります。ほしいお知らせをえらべます。",
  lead: "集まりや新しい資料のこと、病気のときの勉強や毎日のことを、メールで送ります。これは、相談ではありません。相談をした人にも、自分で申し込んだときだけ送ります。",
  inJapanese: "お知らせは、ふつうの日本語で書いてあります。",
  lists: {
    news: { name: "お知らせのメール", description: "1か月に1回くらい、送ります。" },
    events: { name: "集まりのお知らせ", description: "話を聞く会や集まりが決まったときに、送ります。" },
    professionals: {
      name: "学校や病院で働く人へのお知らせ",
      description: "新しい資料や勉強の会のことを、3か月に1回くらい送ります。",
    },
  },
  choose: "ほしいお知らせ",
  chooseHint: "いくつでも選べます。あとで変えられます。",
  emailLabel: "メールアドレス",
  email: "確かめるためのメールを送ります。同じメールアドレスには、1日に1通です。",
  consentLegend: "受けとってもいいですか",
  send: "申し込む",
  stop: "いつでも、やめられます。メールのいちばん下のリンクをおしてください。",
  issues: "いままでのお知らせ",
  noIssue: "はじめのお知らせを、いま書いています。",
  year: (year) => `${year}年`,
  feed: { before: "メールアドレスを書かないで読みたい人は、", link: "フィード（Atom）", after: "が使えます。" },
  requestedTitle: "届いたメールを開いてください",
  requestedDescription: "申し込んだ人に、次にすることを書きました。",
  requested:
    "申し込んだ人に、メールを送ります。そのメールのリンクを開いて、「登録する」ボタンをおしてください。それで終わりです。リンクは7日間使えます。",
  heldBack: "このページは、まだ準備をしています。メールは送っていません。",
  missingHeading: "メールが届かないとき",
  spam: "「迷惑メール」のところに入っていることがあります。見てください。",
  allow: (domain) =>
    `スマートフォンの「迷惑メール」の設定で、「${domain}」からのメールを受けとるようにしてください。そして、次の日に、もう一度申し込んでください。`,
  back: "いままでのお知らせを読む・申し込む",
  lost: "書いたことは、もう残っていません。申し込んだ人は、届いたメールを開いてください。まだの人は、もう一度書いてください。",
  onceADay:
    "このメールは、同じメールアドレスには1日に1通です。今日もう届いているときは、前のメールを見てください。そのあとに申し込んだお知らせのメールは、1日たってから送ります。",
  registered:
    "もう登録したお知らせのメールは、送りません。お知らせを変えたいときは、届いているお知らせのいちばん下のリンクをおしてください。",
};

const en: Newsletter = {
  title: "Newsletter",
  description: "News of meetings and guides by e-mail, in Japanese. You choose what you receive.",
  lead: "We write about meetings and new guides, and about learning and living with a long illness. It has nothing to do with asking us for help: nobody who has asked is put on the list.",
  inJapanese: "The newsletter is written in Japanese.",
  lists: {
    news: { name: "Newsletter", description: "About once a month." },
    events: { name: "Meetings and talks", description: "When a talk or meeting has been fixed, a few times a year." },
    professionals: {
      name: "For schools, hospitals and welfare",
      description: "New guides and training, about once in three months.",
    },
  },
  choose: "What you would like to receive",
  chooseHint: "Choose as many as you like. You can change it later.",
  emailLabel: "E-mail address",
  email: "We send a mail to confirm, at most one a day to one address.",
  consentLegend: "Your consent",
  send: "Subscribe",
  stop: "You can leave at any time with the link at the end of every mail.",
  issues: "Earlier issues",
  noIssue: "The first issue is being prepared.",
  year: (year) => year,
  feed: { before: "To read without giving an address, use the ", link: "feed (Atom)", after: "." },
  requestedTitle: "Please open the mail we send you",
  requestedDescription: "What comes next once you have subscribed.",
  requested:
    "If you have asked for the newsletter, we send you a mail. Open the link in it and press “Subscribe”: only then are you on the list. The link works for 7 days.",
  heldBack: "This site is still being prepared, so no mail is sent to anybody but staff.",
  missingHeading: "If no mail arrives",
  spam: "Please look into your folder for junk mail.",
  allow: (domain) => `Allow mail from “${domain}” in your mail filter, and subscribe once more on the next day.`,
  back: "Read earlier issues, or subscribe",
  lost: "What you entered, and what came after, is no longer on this screen. If you have subscribed, please open the mail we sent you; if not, please enter it once more.",
  onceADay:
    "We send at most one such mail a day to one address. If we sent one earlier today, please look for that. What you ask for after it is confirmed by a mail a day later.",
  registered:
    "For what you are subscribed to already we send no mail. You can change what you receive with the link at the end of every issue.",
};

export const newsletter = { ja, easy, en };
