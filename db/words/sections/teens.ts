/** The replaceable sections of the page for those who are ill themselves, in the order of the page. */

import { defineSections } from "./section.ts";

export const teens = defineSections({
  "teens-lead": {
    where: "本人・中高生のページ、はじめの文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "学校のこと、友だちのこと、親とのこと、病気のこと。どれも、あなたの言葉で話していい場所です。相談は無料です。",
      easy: "学校のこと、友だちのこと、親のこと、病気のこと。何でも話していいです。お金はいりません。",
      en: "School, friends, your parents, your illness: here you can say it in your own words. It costs nothing.",
    },
  },
  "teens-how": {
    where: "本人・中高生のページ、「書くと、どうなるか」の手順",
    kind: "blocks",
    weight: "promise",
    texts: {
      ja: [
        "1. 相談の担当者が読みます。学校の先生や、病院の人や、親に、自動で届くことはありません。",
        "2. 決めた日までに、担当者が返事を書きます。「こうしなさい」とは言いません。いっしょに考えます。",
        "3. 続けて話すか、ここでやめるかは、あなたが決められます。",
      ].join("\n"),
      easy: [
        "1. 相談の人が読みます。学校や病院や親には送りません。",
        "2. 約束の日までに、返事を書きます。いっしょに考えます。",
        "3. もっと話すか、ここでやめるかは、あなたが決めていいです。",
      ].join("\n"),
      en: [
        "1. A coordinator reads it. Nothing goes to your school, your hospital or your parents by itself.",
        "2. We reply by the day we promised. We do not tell you what you must do; we think about it with you.",
        "3. Whether to go on or to stop is up to you.",
      ].join("\n"),
    },
  },
  "teens-parents": {
    where: "本人・中高生のページ、「親に言わずに書いてもいい？」の文",
    kind: "blocks",
    weight: "promise",
    texts: {
      ja: [
        "いいです。親や学校に、あなたが書いたことを、ことわりなく話すことはありません。",
        "",
        "ただし、二つだけ、先に知っておいてください。",
        "",
        "- あなたや、だれかの命が危ないと思ったときは、助けるために、ほかの大人に話すことがあります。そのときも、できるだけ先にあなたに言います。",
        "- 15歳までの人を続けて手伝うときは、法律で、親などの同意がいることがあります。はじめの返事は、そのまま送ります。そのあとは、だれに、どう話すかを、先にあなたと相談します。",
      ].join("\n"),
      easy: [
        "いいです。あなたが「いいです」と言う前に、親や学校に話しません。",
        "",
        "でも、次の二つを知っておいてください。",
        "",
        "- あなたやほかの人が死ぬかもしれないときは、助けるために、ほかの大人に話します。できるだけ、先にあなたに言います。",
        "- 15歳までの人を長く手伝うときは、親の「いいです」がいることがあります。はじめの返事は送ります。そのあと、だれに話すかを、先にあなたに聞きます。",
      ].join("\n"),
      en: [
        "Yes. We do not tell your parents or your school what you wrote without asking you.",
        "",
        "There are two things to know first.",
        "",
        "- If we think that your life or somebody else’s is in danger, we may talk to other adults to help. Even then we tell you first whenever we can.",
        "- If you are 15 or younger and we go on helping you, the law may ask for the consent of a parent. The first reply comes to you as it is. After that we talk with you first about whom to tell, and how.",
      ].join("\n"),
    },
  },
  "teens-unseen": {
    where: "本人・中高生のページ、「見られたくないとき」の箇条書き",
    kind: "blocks",
    weight: "words",
    texts: {
      ja: [
        "- 「お返事の受け取り方」で「このサイトで読む」を選ぶと、メールも電話もいりません。送ったあとに出る受付番号と受付コードを控えて、約束の日になったら、このサイトで読んでください。",
        "- 電話を選ぶときは、かけてよい時間や、留守番電話に残さないことを決められます。",
        "- 家族と同じスマートフォンを使っている人は、「プライベート」の画面で開いて、終わったら閉じてください。[くわしいやり方](/help#shared)",
      ].join("\n"),
      easy: [
        "- 「このサイトで読む」を選んでください。メールも電話もいりません。受付番号と受付コードを紙に書いて、約束の日に、このサイトで読んでください。",
        "- 電話のときは、電話をしていい時間を決められます。",
        "- 家族と同じスマートフォンの人は、「プライベート」の画面で開いてください。終わったら、閉じてください。",
      ].join("\n"),
      en: [
        "- Choose “On this site” as the way to be answered: you need no e-mail and no telephone. Write down the reference number and the receipt code that are shown when you have sent it, and read our reply here on the promised day.",
        "- If you choose a call, you can say when to call and that nothing is left on the answering machine.",
        "- If your family uses the same phone, open the site in a private window and close it when you are done.",
      ].join("\n"),
    },
  },
  "teens-now": {
    where: "本人・中高生のページ、「いますぐ話したいとき」の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "つらくて待てないときは、次の番号で、すぐに話せます。名前を言わなくても大丈夫です。",
      easy: "つらくて待てないときは、次の番号で、すぐに話せます。名前は言わなくていいです。",
      en: "If you cannot wait, please call first. You need not say your name.",
    },
  },
});
