/** The replaceable sections of the receipt page, in the order of the page. */

import { defineSections } from "./section.ts";

export const receiptSections = defineSections({
  "receipt-thanks": {
    where: "受付の画面、はじめの文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "書いてくださり、ありがとうございます。相談の担当者が読みます。",
      easy: "書いてくれて、ありがとうございます。相談の人が読みます。",
      en: "Thank you for writing. A coordinator will read it.",
    },
  },
  "receipt-keep": {
    where: "受付の画面、受付コードの下の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "これで受け付けは終わりです。この画面を印刷して残すこともできます。",
      easy: "これで終わりです。紙に印刷することもできます。",
      en: "There is nothing more to do. You can also print this page.",
    },
  },
  "receipt-next-read": {
    where: "受付の画面、「このあとのこと」、読む人",
    kind: "text",
    weight: "promise",
    texts: {
      ja: "相談コーディネーターが読み、受けもつ担当者を決めます。",
      easy: "相談の人が読みます。だれが手伝うかを決めます。",
      en: "A coordinator reads it and decides who will look after your request.",
    },
  },
  "receipt-next-email": {
    where: "受付の画面、「このあとのこと」、メールでのお返事",
    kind: "text",
    weight: "words",
    texts: {
      ja: "担当者の名前を書いて、メールでお返事します。このサイトにお返事を書いて、メールでお知らせすることもあります。",
      easy: "その人がメールで返事をします。このサイトに返事を書くこともあります。そのときも、メールで知らせます。",
      en: "That person replies to you by e-mail, with their name, or writes the reply on this site and lets you know by e-mail.",
    },
  },
  "receipt-next-phone": {
    where: "受付の画面、「このあとのこと」、電話でのお返事",
    kind: "text",
    weight: "words",
    texts: {
      ja: "お電話します。出られなかったときは、日を変えてかけ直します。",
      easy: "電話をします。電話に出られないときは、別の日にもう一度かけます。",
      en: "We call you. If you cannot answer, we try again on another day.",
    },
  },
  "receipt-next-others": {
    where: "受付の画面、「このあとのこと」、ほかの機関に伝えるとき",
    kind: "text",
    weight: "promise",
    texts: {
      ja: "ほかの機関に伝えたほうがよいときは、だれに何を伝えるかを先に相談し、了解をいただきます。",
      easy: "ほかの人に話したほうがいいときは、先にあなたに聞きます。",
      en: "If somebody else should know, we ask you first.",
    },
  },
  "receipt-call": {
    where: "受付の画面、取り消しや急ぐときの文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "取り消したいことがあるときや、お急ぎのときは、{{contact_us}}。受付番号をお伝えください。",
      easy: "相談をやめたいとき、急ぐときは、{{contact_us}}。受付番号を言ってください。",
      en: "To withdraw something, or if it is urgent, {{contact_us}} and give the reference number.",
    },
  },
  "receipt-junk": {
    where: "受付の画面、「メールが届かないとき」、はじめの項目",
    kind: "text",
    weight: "words",
    texts: {
      ja: "迷惑メールのフォルダーに入っていないか、ご確認ください。",
      easy: "「迷惑メール」のところに入っていないか、見てください。",
      en: "Look in your junk mail folder.",
    },
  },
  "receipt-late": {
    where: "受付の画面、「メールが届かないとき」、終わりの項目",
    kind: "text",
    weight: "words",
    texts: {
      ja: "お約束の日を過ぎても届かないときは、{{contact_us}}。こちらから送り直します。",
      easy: "約束の日が過ぎても返事が来ないときは、{{contact_us}}。",
      en: "If nothing has come by the promised day, {{contact_us}}. We will send it again.",
    },
  },
});
