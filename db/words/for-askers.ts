/** The pages for those who are ill themselves and for professionals, but for their replaceable sections. */

const ja = {
  teens: {
    way: "本人・中高生の方へ",
    title: "病気のあるあなたへ",
    description:
      "病気のある中高生や若い人へ。親や学校に言わずに相談できます。書くとどうなるかを、先に知ることができます。",
    write: "書いて相談する",
    how: "書くと、どうなるか",
    parents: "親に言わずに書いてもいい？",
    unseen: "だれにも見られたくないとき",
    now: "いますぐ話したいとき",
  },
  professionals: {
    way: "先生・支援の方へ",
    title: "はじめて病気の子どもを支える方へ",
    description:
      "学校、病院、福祉、行政で病気の子どもを支える方へ。だれが何をするか、どの窓口に電話するか、手渡せる資料をまとめました。",
    write: "相談を書く",
    first: "はじめの一週間",
    who: "だれが、何をするか",
    call: "どの窓口に電話するか",
    papers: "手渡せる資料",
    allGuides: "無料の資料をすべて見る",
    consent: "ご家族の了解のこと",
  },
  /** The end of their pages: how to reach us, and whom in danger. */
  contact: {
    professional: {
      heading: "お仕事で支えている方の、相談のしかた",
      note: "一般的な進め方だけのご質問も、お受けします。",
      form: "相談を書く",
      urgent: "命に関わるときは119へ。虐待かもしれないときは、児童相談所（189）へ。",
    },
    self: {
      heading: "話したいとき",
      note: "夜中でも。名前がなくても。",
      form: "書いて相談する",
      urgent: "体調が急に変わったときは、かかりつけの病院か119へ。",
    },
  },
  receipt: {
    professional: {
      thanks: "お知らせくださり、ありがとうございます。相談の担当者が読みます。",
      others: "ご家族の了解が得られたあとは、関係する人が同じ席で話し合う場を、いっしょに用意できます。",
      papers: "待つあいだに使える資料と、はじめの一週間の進め方",
    },
    self: {
      thanks: "書いてくれて、ありがとう。相談の担当者が読みます。",
      others: "ほかの人に話したほうがよいと思ったときは、だれに何を話すかを、先にあなたに聞きます。",
    },
  },
};

type ForAskers = typeof ja;

const easy: ForAskers = {
  teens: {
    way: "病気の本人のページ",
    title: "病気のあなたへ",
    description: "病気のある子どもや若い人のページです。親や学校に言わないで相談できます。",
    write: "書いて相談する",
    how: "書くと、どうなりますか",
    parents: "親に言わないで書いてもいいですか",
    unseen: "ほかの人に見られたくないとき",
    now: "いま、すぐに話したいとき",
  },
  professionals: {
    way: "学校や病院で働く人へ",
    title: "はじめて病気の子どもを手伝う人へ",
    description: "学校や病院で働く人のページです。だれが何をするか、どこに電話をするかを書きました。",
    write: "相談を書く",
    first: "はじめの一週間",
    who: "だれが、何をしますか",
    call: "どこに電話をしますか",
    papers: "使える資料",
    allGuides: "資料をぜんぶ見る",
    consent: "家族が「いいです」と言う前に",
  },
  contact: {
    professional: {
      heading: "仕事で手伝っている人の、相談のしかた",
      note: "ふつうの進め方だけを聞いてもいいです。",
      form: "相談を書く",
      urgent: "死ぬかもしれないときは119に電話してください。子どもがたたかれているときは、189で話せます。",
    },
    self: {
      heading: "話したいとき",
      note: "いつでも書けます。名前は書かなくていいです。",
      form: "書いて相談する",
      urgent: "体が急に悪くなったときは、病院に行くか、119に電話してください。",
    },
  },
  receipt: {
    professional: {
      thanks: "書いてくれて、ありがとうございます。相談の人が読みます。",
      others: "家族が「いいです」と言ったあとは、みんなで話す日を、いっしょに決めることができます。",
      papers: "待っているあいだに使える資料と、はじめの一週間のこと",
    },
    self: {
      thanks: "書いてくれて、ありがとう。相談の人が読みます。",
      others: "ほかの人に話したほうがいいときは、先にあなたに聞きます。",
    },
  },
};

const en: ForAskers = {
  teens: {
    way: "If you are ill yourself",
    title: "If you are the one who is ill",
    description:
      "For teenagers and young people who live with an illness. You can ask without telling your parents or your school.",
    write: "Write to us",
    how: "What happens when you write",
    parents: "May I write without telling my parents?",
    unseen: "If nobody should see it",
    now: "If you need to talk now",
  },
  professionals: {
    way: "For professionals",
    title: "Your first child with a long illness",
    description:
      "For schools, hospitals, welfare and public offices: who does what, which office to call, and papers to hand on.",
    write: "Write to us",
    first: "The first week",
    who: "Who does what",
    call: "Which office to call",
    papers: "Papers to hand on",
    allGuides: "All free guides",
    consent: "The family’s consent",
  },
  contact: {
    professional: {
      heading: "How professionals reach us",
      note: "You may also ask only how such things are usually done.",
      form: "Write to us",
      urgent: "If a life is in danger, call 119. If a child may be abused, call 189.",
    },
    self: {
      heading: "If you want to talk",
      note: "Write at any hour. You need not say your name.",
      form: "Write to us",
      urgent: "If you suddenly get worse, go to your hospital or call 119.",
    },
  },
  receipt: {
    professional: {
      thanks: "Thank you for telling us. A coordinator will read it.",
      others: "Once the family agrees, we can help to bring everybody to one table.",
      papers: "Papers to use meanwhile, and what to do in the first week",
    },
    self: {
      thanks: "Thank you for writing. A coordinator will read it.",
      others: "If somebody else should know, we ask you first whom to tell, and what.",
    },
  },
};

export const forAskers = { ja, easy, en };
