/** The landing page, but for what stands in the content collections. */

import type { Settings } from "#db/settings/settings.ts";
import { areaIn, withinDays } from "#db/settings/wording.ts";

const ja = (s: Settings) => ({
  description: `${s.name.ja}は、${s.purpose.ja}です。学校、きょうだい、お金、気持ちのことを、無料で相談できます。`,
  headline: "お子さんの病気と、これからの暮らしのこと。何からでもご相談ください。",
  lead: `${s.name.ja}は、${s.purpose.ja}です。言葉がまとまらないままで大丈夫です。学校の先生や、医療・福祉の方のご相談もお受けします。`,
  open: "相談フォームを開く",
  free: `無料です。お名前は書かなくてかまいません。${withinDays(s)}にお返事します。`,
  worries: "こんなご相談を受けています",
  after: "相談を送ったあとのこと",
  steps: [
    {
      title: "相談コーディネーターが読みます",
      text: "読むのは、相談を受けもつ職員だけです。広告や寄付のお願いに使うことはありません。",
    },
    {
      title: `${withinDays(s)}にお返事します`,
      text: "送るとすぐに、受付番号と、いつまでにお返事するかの日付が画面に出ます。お返事の受け取り方は、メールか電話を選べます。",
    },
    {
      title: "一緒に整理し、必要なところへつなぎます",
      text: "ほかの機関に伝えるときは、だれに何を伝えるかを先に相談し、了解をいただきます。ただし、いのちや体に危険が迫っているとき、虐待のおそれがあるときは、了解の前に、法律に沿って関係機関へ伝えることがあります。",
    },
    {
      title: "記録は鍵をかけて保管し、期限が来たら消します",
      text: `支援が終わってから${s.keepYears}年間保管します。途中で消してほしいときは、お申し出ください。`,
    },
  ],
  cases: "これまでのご相談から",
  invented: "ここに載せた事例、声、人物は、見本のために作った架空のものです。",
  fictional: "（架空）",
  voices: "相談した方の声",
  about: "わたしたちのこと",
  aboutText: `${s.name.ja}は、${areaIn("ja", s)}で、病気や障害とともに育つ子どもと家族の相談を受けています。病院、学校、役所のあいだに立ち、何度も説明し直さずに済むように、できるかぎり同じ担当者が一緒に動きます。`,
  people: "相談を受ける人",
  partners: "一緒に動く機関",
  partnersInvented: "機関の名前も、すべて架空です。",
  video: "動画で見る",
  videoNotice: (site: string) =>
    `開くと、${site}（ほかの会社のサイト）に移ります。その会社に、動画を見たことが伝わります。このページを見ているだけなら、何も伝わりません。`,
  videoOpen: (minutes: number) => `動画のページを開く（${minutes}分）`,
  videoText: "動画の内容を文章で読む",
  guides: "無料の資料",
  everyGuide: "資料の一覧を見る",
  pages: (count: number) => `PDF ${count}ページ`,
  events: "これからの催し",
  eventsNone: "次の催しは、決まりしだい、メールマガジンとこのページでお知らせします。",
  place: "場所",
  forWhom: "対象",
  apply: "申し込み",
  mark: (sentence: string) => `「${sentence}」`,
});

type Landing = ReturnType<typeof ja>;

const easy = (s: Settings): Landing => ({
  description: "病気の子どもと家族のための相談の場所です。お金はいりません。名前を書かないで相談できます。",
  headline: "子どもの病気のこと、これからのこと。何でも相談してください。",
  lead: `ここは「${s.name.easy}」です。病気の子どもと家族の話を聞きます。一緒に考えます。上手に話せなくてもいいです。`,
  open: "相談を書く",
  free: `お金はいりません。名前を書かなくていいです。${s.replyDays}日のうちに返事をします（休みの日は数えません）。`,
  worries: "たとえば、こんな相談があります",
  after: "相談を送ったあと",
  steps: [
    { title: "相談の人が読みます", text: "読むのは、相談の仕事をする人だけです。ほかのことには使いません。" },
    {
      title: `${s.replyDays}日のうちに返事をします`,
      text: "送ると、番号が出ます。返事をする日も出ます。返事は、メールか電話でします。",
    },
    {
      title: "一緒に考えます。助けてくれるところをさがします",
      text: "ほかの人に話すときは、先にあなたに聞きます。あなたが「いい」と言ったら話します。ただし、いのちがあぶないとき、子どもがひどいことをされているときは、先に話すことがあります。法律で決まっています。",
    },
    {
      title: "書いたことは、かぎをかけて守ります",
      text: `手伝いが終わって${s.keepYears}年たったら、消します。早く消してほしいときは、言ってください。`,
    },
  ],
  cases: "相談した人の話",
  invented: "ここに書いてある話と人は、見本です。本当の人ではありません。",
  fictional: "（見本）",
  voices: "相談した人のことば",
  about: "わたしたちのこと",
  aboutText: `「${s.name.easy}」は、${areaIn("easy", s)}にあります。病院、学校、役所と話をします。同じことを何度も話さなくていいように、できるだけ同じ人が手伝います。`,
  people: "相談の人",
  partners: "一緒に働くところ",
  partnersInvented: "名前は見本です。",
  video: "動画",
  videoNotice: (site: string) =>
    `おすと、${site}（ほかの会社のページ）に行きます。動画を見たことが、その会社に分かります。`,
  videoOpen: (minutes: number) => `動画を見る（${minutes}分）`,
  videoText: "動画のことばを読む",
  guides: "お金のいらない資料（日本語）",
  everyGuide: "資料をぜんぶ見る（日本語）",
  pages: (count: number) => `PDF ${count}ページ`,
  events: "これからの集まり",
  eventsNone: "次の集まりが決まったら、ここに書きます。",
  place: "場所",
  forWhom: "来てほしい人",
  apply: "申し込み",
  mark: (sentence: string) => `「${sentence}」`,
});

const en = (s: Settings): Landing => ({
  description:
    "A free place to talk for families of children with long-term illness: school, brothers and sisters, money, and how you feel.",
  headline: "Your child's illness, and the life around it. Ask us anything.",
  lead: `${s.name.en} listens to children living with long-term illness and to their families, and works with hospitals, schools and city offices. You need not find the right words. You may write in English.`,
  open: "Open the form",
  free: `It is free, and you need not give a name. We reply within ${s.replyDays} working days.`,
  worries: "Some of what people ask us",
  after: "What happens after you send it",
  steps: [
    {
      title: "A coordinator reads it",
      text: "Only staff who look after consultations read it. It is never used for advertising or to ask for donations.",
    },
    {
      title: `We reply within ${s.replyDays} working days`,
      text: "As soon as you send it, the screen shows a number and the day by which we answer, by e-mail or telephone, as you choose.",
    },
    {
      title: "We sort it out together and find who can help",
      text: "Before we tell another agency anything, we ask you whom we may tell and what. Only if somebody is in danger, or a child may be abused, may we tell others first, as the law provides.",
    },
    {
      title: "What you wrote is kept locked, and deleted in time",
      text: `We keep it for ${s.keepYears} years after our support has ended. You may ask us to delete it earlier.`,
    },
  ],
  cases: "From earlier consultations",
  invented: "The stories, voices and people on this page are invented samples.",
  fictional: " (invented)",
  voices: "What people told us",
  about: "About us",
  aboutText: `We work in ${areaIn("en", s)}. We stand between hospital, school and city office, and as far as we can the same person stays with you, so that you need not explain everything again and again.`,
  people: "Who you will hear from",
  partners: "Who we work with",
  partnersInvented: "All names are invented.",
  video: "Video",
  videoNotice: (site: string) =>
    `The link leads to ${site}, another company's site, which will know that you watched. As long as you only read this page, it learns nothing.`,
  videoOpen: (minutes: number) => `Go to the video (${minutes} minutes)`,
  videoText: "Read what the video says",
  guides: "Free guides (in Japanese)",
  everyGuide: "All guides",
  pages: (count: number) => `PDF, ${count} pages`,
  events: "Next events",
  eventsNone: "We announce the next event here as soon as it is fixed.",
  place: "Place",
  forWhom: "For",
  apply: "How to join",
  mark: (sentence: string) => `“${sentence}”`,
});

export const landing = { ja, easy, en };
