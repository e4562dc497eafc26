/** The replaceable sections of the page on the organisation; it exists in Japanese alone. */

import { sections } from "./section.ts";

export const about = sections({
  "about-lead": {
    where: "わたしたちについて、はじめの文",
    kind: "text",
    weight: "words",
    texts: { ja: "{{name}}は、{{area}}で、病気や障害とともに育つ子どもと家族の相談を受けています。相談は無料です。" },
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
    },
  },
  "about-people": {
    where: "わたしたちについて、「相談を受ける人」の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "福祉、教育、看護の現場で働いてきた相談コーディネーターと、子どものころに病気を経験したピアサポーターです。はじめにお読みするのは相談コーディネーターで、できるかぎり同じ担当者が一緒に動きます。",
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
    },
  },
  "about-money": {
    where: "わたしたちについて、「お金のこと」の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "寄付、助成金、自治体からの委託で続けています。検索広告には、広告の会社が非営利団体に提供している枠を使っています。毎年の決算は、この欄に載せます。",
    },
  },
});
