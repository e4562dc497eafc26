/** The page on the organisation, but for its replaceable sections (sections/about.ts). */

import type { Settings } from "#db/settings/settings.ts";

const ja = (s: Settings) => ({
  title: "わたしたちについて",
  description: `${s.name.ja}がどのような団体で、だれが相談を受け、どのお金で続けているかをまとめました。`,
  headings: {
    doing: "していること",
    people: "相談を受ける人",
    promises: "大切にしている約束",
    money: "お金のこと",
    contact: "連絡先",
  },
  name: "団体名",
  address: "所在地",
});

type About = ReturnType<typeof ja>;

const easy = (s: Settings): About => ({
  title: "わたしたちのこと",
  description: `「${s.name.easy}」がどんなところか、だれが相談を聞くかを書きました。`,
  headings: {
    doing: "していること",
    people: "相談を聞く人",
    promises: "大切な約束",
    money: "お金のこと",
    contact: "連絡のしかた",
  },
  name: "名前",
  address: "住所",
});

const en = (s: Settings): About => ({
  title: "About us",
  description: `Who ${s.name.en} is, who reads what you write, and how the work is paid for.`,
  headings: {
    doing: "What we do",
    people: "Who you will hear from",
    promises: "What we promise",
    money: "How we are funded",
    contact: "Contact",
  },
  name: "Name",
  address: "Address",
});

export const about = { ja, easy, en };
