/** The replaceable sections of the page on the organisation. */

import { defineSections } from "./section.ts";

export const aboutSections = defineSections({
  "about-lead": {
    where: "わたしたちについて、はじめの文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "{{name}}は、{{area}}で、病気や障害とともに育つ子どもと家族の相談を受けています。相談は無料です。",
      easy: "「{{name}}」は、{{area}}にあります。病気や障害のある子どもと、家族の相談を聞きます。相談にお金はいりません。",
      en: "{{name}} is there for children who grow up with illness or disability, and for their families, in {{area}}. Asking us costs nothing.",
    },
  },
  "about-doing": {
    where: "わたしたちについて、「していること」の箇条書き",
    kind: "blocks",
    weight: "words",
    texts: {
      ja: [
        "- ご家族、ご本人、支える仕事の方からの相談を受け、必要なところへ一緒につなぎます。",
        "- 病院、学校、教育委員会、保健所、役所の担当者が、同じ机につく場をつくります。",
        "- 調べたことや工夫を[無料の資料](/guides)にして、お渡ししています。",
        "- 講演会や、ご家族のお茶会を開いています。お知らせは[メールマガジン](/newsletter)でお送りします。",
      ].join("\n"),
      easy: [
        "- 家族、本人、家族を支える仕事の人の相談を聞きます。助けてくれるところを一緒にさがします。",
        "- 病院、学校、役所の人が、一緒に話す場所をつくります。",
        "- 調べたことを[資料](/easy/guides)にして、渡しています。お金はいりません。",
        "- 話を聞く会や、家族が集まる会をします。お知らせは[メール](/easy/newsletter)で送ります。",
      ].join("\n"),
      en: [
        "- We listen to families, to the children and young people themselves, and to those who support them at work, and go with them to whoever can help.",
        "- We bring the people of hospitals, schools, boards of education, health centres and city offices to one table.",
        "- What we have found out and what has worked, we put into [free guides](/en/guides) (in Japanese).",
        "- We hold talks, and tea afternoons for families. The [newsletter](/en/newsletter) (in Japanese) says when.",
      ].join("\n"),
    },
  },
  "about-people": {
    where: "わたしたちについて、「相談を受ける人」の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "福祉、教育、看護の現場で働いてきた相談コーディネーターと、子どものころに病気を経験したピアサポーターです。はじめにお読みするのは相談コーディネーターで、できるかぎり同じ担当者が一緒に動きます。",
      easy: "福祉、学校、病院で働いた経験のある「相談コーディネーター」と、子どものときに病気をした「ピアサポーター」がいます。はじめに読むのは、相談コーディネーターです。できるだけ、同じ人が手伝います。",
      en: "Coordinators who have worked in welfare, education or nursing, and peer supporters who were ill themselves as children. A coordinator reads what you write first, and as far as we can the same person stays with you.",
    },
  },
  "about-promises": {
    where: "わたしたちについて、「大切にしている約束」の箇条書き",
    kind: "blocks",
    weight: "promise",
    texts: {
      ja: [
        "- うかがったことを、了解なしにほかの方へ伝えません。いのちに関わるときなど、法律で決められた場合だけが例外です。",
        "- 病院や学校を選ぶこと、治療を決めることに、口をはさみません。考えるための材料を一緒に集めます。",
        "- 分からないことは、分からないとお伝えし、分かる人を一緒に探します。",
        "- ご相談をもとに、寄付や入会をお願いすることはありません。",
      ].join("\n"),
      easy: [
        "- あなたに聞いてから、ほかの人に話します。いのちがあぶないときなど、法律で決まっているときは、先に話すことがあります。",
        "- 病院や学校は、あなたが決めます。治療も、あなたが決めます。わたしたちは、決めるために必要なことを一緒に調べます。",
        "- わからないときは、「わかりません」と言います。わかる人を一緒にさがします。",
        "- 相談した人に、寄付のお願いはしません。",
      ].join("\n"),
      en: [
        "- What you tell us we pass on to nobody without your agreement. The only exceptions are those the law provides, such as when life is in danger.",
        "- Which hospital or school, and which treatment, is for you to decide. We do not interfere; we help you gather what you need to think it over.",
        "- When we do not know, we say so, and look together with you for somebody who does.",
        "- Asking for help never leads to an appeal for donations or membership.",
      ].join("\n"),
    },
  },
  "about-money": {
    where: "わたしたちについて、「お金のこと」の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "寄付、助成金、自治体からの委託で続けています。検索広告には、広告の会社が非営利団体に提供している枠を使っています。毎年の決算は、この欄に載せます。",
      easy: "寄付や、国や市などからのお金で仕事をしています。検索の広告は、広告の会社がお金をとらないで出しています。毎年のお金のことは、ここに書きます。",
      en: "Donations, grants and commissions from local government pay for our work. For search advertisements we use an allowance that the advertising company gives to non-profit organisations. Each year's accounts will appear here.",
    },
  },
});
