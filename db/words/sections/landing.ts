/** The replaceable sections of the landing page, in the order of the page. */

import { defineSections } from "./section.ts";

export const landingSections = defineSections({
  "landing-headline": {
    where: "トップページ、いちばん上の大きな見出し",
    kind: "line",
    weight: "words",
    texts: {
      ja: "お子さんの病気と、これからの暮らしのこと。何からでもご相談ください。",
      easy: "子どもの病気のこと、これからのこと。何でも相談してください。",
      en: "Your child's illness, and the life around it. Ask us anything.",
    },
  },
  "landing-lead": {
    where: "トップページ、見出しの下の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "{{name}}は、{{purpose}}です。言葉がまとまらないままで大丈夫です。",
      easy: "ここは「{{name}}」です。病気の子どもと家族の話を聞きます。一緒に考えます。上手に話せなくてもいいです。",
      en: "{{name}} listens to children living with long-term illness and to their families, and works with hospitals, schools and city offices. You need not find the right words. You may write in English.",
    },
  },
  "landing-free": {
    where: "トップページ、「相談を送ったあとのこと」の見出しの下の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "無料です。お名前も病名もいりません。",
      easy: "お金はいりません。名前を書かなくていいです。",
      en: "It is free, and you need not give a name.",
    },
  },
  "landing-worries": {
    where: "トップページ、相談の例の見出し",
    kind: "line",
    weight: "words",
    texts: {
      ja: "こんなご相談を受けています",
      easy: "たとえば、こんな相談があります",
      en: "Some of what people ask us",
    },
  },
  "landing-after": {
    where: "トップページ、「相談を送ったあとのこと」の見出し",
    kind: "line",
    weight: "words",
    texts: { ja: "相談を送ったあとのこと", easy: "相談を送ったあと", en: "What happens after you send it" },
  },
  "landing-read-title": {
    where: "トップページ、送ったあと、1つめの見出し",
    kind: "line",
    weight: "words",
    texts: { ja: "相談コーディネーターが読みます", easy: "相談の人が読みます", en: "A coordinator reads it" },
  },
  "landing-read": {
    where: "トップページ、送ったあと、1つめの文（だれが読むか）",
    kind: "text",
    weight: "promise",
    texts: {
      ja: "読むのは、相談を受けもつ職員だけ。広告や寄付のお願いには使いません。",
      easy: "読むのは、相談の仕事をする人だけです。ほかのことには使いません。",
      en: "Only staff who look after consultations read it. It is never used for advertising or to ask for donations.",
    },
  },
  "landing-answer-title": {
    where: "トップページ、送ったあと、2つめの見出し",
    kind: "line",
    weight: "words",
    texts: {
      ja: "{{within_days}}にお返事します",
      easy: "{{reply_days}}日のうちに返事をします",
      en: "We reply within {{reply_days}} working days",
    },
  },
  "landing-answer": {
    where: "トップページ、送ったあと、2つめの文（お返事）",
    kind: "text",
    weight: "words",
    texts: {
      ja: "受付番号とお返事の日が、送るとすぐ画面に出ます。メールか電話でお返事します。",
      easy: "送ると、番号が出ます。返事をする日も出ます。返事は、メールか電話でします。",
      en: "As soon as you send it, the screen shows a number and the day by which we answer, by e-mail or telephone, as you choose.",
    },
  },
  "landing-others-title": {
    where: "トップページ、送ったあと、3つめの見出し",
    kind: "line",
    weight: "words",
    texts: {
      ja: "必要なところへ、一緒につなぎます",
      easy: "一緒に考えます。助けてくれるところをさがします",
      en: "We sort it out together and find who can help",
    },
  },
  "landing-others": {
    where: "トップページ、送ったあと、3つめの文（ほかの機関に伝えるとき）",
    kind: "text",
    weight: "promise",
    texts: {
      ja: "だれに何を伝えるかは、先にご相談し、了解をいただきます。いのちや体に危険が迫っているとき、虐待のおそれがあるときだけは、法律に沿って、先に関係機関へ伝えることがあります。",
      easy: "ほかの人に話すときは、先にあなたに聞きます。あなたが「いい」と言ったら話します。ただし、いのちがあぶないとき、子どもがひどいことをされているときは、先に話すことがあります。法律で決まっています。",
      en: "Before we tell another agency anything, we ask you whom we may tell and what. Only if somebody is in danger, or a child may be abused, may we tell others first, as the law provides.",
    },
  },
  "landing-keep-title": {
    where: "トップページ、送ったあと、4つめの見出し",
    kind: "line",
    weight: "promise",
    texts: {
      ja: "鍵をかけて保管し、{{keep_years}}年で消します",
      easy: "書いたことは、かぎをかけて守ります",
      en: "What you wrote is kept locked, and deleted in time",
    },
  },
  "landing-keep": {
    where: "トップページ、送ったあと、4つめの文（保管する年数）",
    kind: "text",
    weight: "promise",
    texts: {
      ja: "支援が終わってから{{keep_years}}年です。早く消してほしいときは、お申し出ください。",
      easy: "手伝いが終わって{{keep_years}}年たったら、消します。早く消してほしいときは、言ってください。",
      en: "We keep it for {{keep_years}} years after our support has ended. You may ask us to delete it earlier.",
    },
  },
  "landing-cases": {
    where: "トップページ、これまでの相談の見出し",
    kind: "line",
    weight: "words",
    texts: { ja: "これまでのご相談から", easy: "相談した人の話", en: "From earlier consultations" },
  },
  "landing-about-heading": {
    where: "トップページ、「わたしたちのこと」の見出し",
    kind: "line",
    weight: "words",
    texts: { ja: "わたしたちのこと", easy: "わたしたちのこと", en: "About us" },
  },
  "landing-about": {
    where: "トップページ、「わたしたちのこと」の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "{{area}}で、病気や障害とともに育つ子どもと家族の相談を受けています。病院、学校、役所のあいだに立ち、できるかぎり同じ人が一緒に動きます。",
      easy: "「{{name}}」は、{{area}}にあります。病院、学校、役所と話をします。同じことを何度も話さなくていいように、できるだけ同じ人が手伝います。",
      en: "We work in {{area}}. We stand between hospital, school and city office, and as far as we can the same person stays with you, so that you need not explain everything again and again.",
    },
  },
  "landing-guides": {
    where: "トップページ、資料の見出し",
    kind: "line",
    weight: "words",
    texts: { ja: "無料の資料", easy: "お金のいらない資料（日本語）", en: "Free guides (in Japanese)" },
  },
  "landing-events": {
    where: "トップページ、催しの見出し",
    kind: "line",
    weight: "words",
    texts: { ja: "これからの催し", easy: "これからの集まり", en: "Next events" },
  },
  "landing-no-events": {
    where: "トップページ、催しのいちばん下の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "次の催しも、ここでお知らせします。",
      easy: "次の集まりが決まったら、ここに書きます。",
      en: "We announce the next event here as soon as it is fixed.",
    },
  },
});
