/** The landing page, but for its replaceable sections (sections/landing.ts) and what stands in the content collections. */

import type { Settings } from "#db/settings/settings.ts";

const ja = (s: Settings) => ({
  description: `${s.name.ja}は、${s.purpose.ja}です。学校、きょうだい、お金、気持ちのことを、無料で相談できます。`,
  open: "相談フォームを開く",
  invented: "ここに載せた事例、声、人物は、見本のために作った架空のものです。",
  fictional: "（架空）",
  voices: "相談した方の声",
  people: "相談を受ける人",
  partners: "一緒に動く機関",
  partnersInvented: "機関の名前も、すべて架空です。",
  video: "動画で見る",
  videoNotice: (site: string) =>
    `開くと、${site}（ほかの会社のサイト）に移ります。その会社に、動画を見たことが伝わります。このページを見ているだけなら、何も伝わりません。`,
  videoOpen: (minutes: number) => `動画のページを開く（${minutes}分）`,
  videoText: "動画の内容を文章で読む",
  everyGuide: "資料の一覧を見る",
  pages: (count: number) => `PDF ${count}ページ`,
  place: "場所",
  forWhom: "対象",
  apply: "申し込み",
  asked: "相談",
  gathered: "集まった人",
  now: "いま",
  questions: "よくある質問",
  news: "お知らせ",
  newsFeed: "お知らせのフィード（Atom）",
  hours: (starts: string, ends: string) => `${starts}〜${ends}`,
  /** Title of the page with all entries of some kinds, and the link that leads there. */
  lists: {
    stories: { title: "事例と声", all: "事例と声をすべて見る" },
    people: { title: "相談を受ける人と、一緒に動く機関", all: "人と機関をすべて見る" },
    events: { title: "催し", all: "催しをすべて見る" },
    faq: { title: "よくある心配と質問", all: "心配と質問をすべて見る" },
    news: { title: "お知らせ", all: "お知らせをすべて見る" },
  },
  worries: "よくある心配",
  stories: "相談の事例",
  /** What the drawn portraits show. */
  drawings: {
    coordinator: "髪を結んだ、笑顔の相談コーディネーターの似顔絵",
    peer: "めがねをかけた、若いピアサポーターの似顔絵",
  },
  mark: (sentence: string) => `「${sentence}」`,
});

type Landing = ReturnType<typeof ja>;

const easy: Landing = {
  description: "病気の子どもと家族のための相談の場所です。お金はいりません。名前を書かないで相談できます。",
  open: "相談を書く",
  invented: "ここに書いてある話と人は、見本です。本当の人ではありません。",
  fictional: "（見本）",
  voices: "相談した人のことば",
  people: "相談の人",
  partners: "一緒に働くところ",
  partnersInvented: "名前は見本です。",
  video: "動画",
  videoNotice: (site: string) =>
    `おすと、${site}（ほかの会社のページ）に行きます。動画を見たことが、その会社に分かります。`,
  videoOpen: (minutes: number) => `動画を見る（${minutes}分）`,
  videoText: "動画のことばを読む",
  everyGuide: "資料をぜんぶ見る（日本語）",
  pages: (count: number) => `PDF ${count}ページ`,
  place: "場所",
  forWhom: "来てほしい人",
  apply: "申し込み",
  asked: "相談",
  gathered: "一緒に考えた人",
  now: "いま",
  questions: "よくある質問",
  news: "お知らせ",
  newsFeed: "お知らせのフィード（Atom）",
  hours: (starts: string, ends: string) => (ends === "" ? `${starts}から` : `${starts}から${ends}`),
  lists: {
    stories: { title: "相談した人の話", all: "話をぜんぶ見る" },
    people: { title: "相談の人と、一緒に働くところ", all: "人と場所をぜんぶ見る" },
    events: { title: "集まり", all: "集まりをぜんぶ見る" },
    faq: { title: "心配なことと質問", all: "心配と質問をぜんぶ見る" },
    news: { title: "新しいお知らせ", all: "お知らせをぜんぶ見る" },
  },
  worries: "よくある心配",
  stories: "相談の話",
  /** What the drawn portraits show. */
  drawings: {
    coordinator: "髪を結んだ、笑顔の相談コーディネーターの似顔絵",
    peer: "めがねをかけた、若いピアサポーターの似顔絵",
  },
  mark: (sentence: string) => `「${sentence}」`,
};

const en: Landing = {
  description:
    "A free place to talk for families of children with long-term illness: school, brothers and sisters, money, and how you feel.",
  open: "Open the form",
  invented: "The stories, voices and people on this page are invented samples.",
  fictional: " (invented)",
  voices: "What people told us",
  people: "Who you will hear from",
  partners: "Who we work with",
  partnersInvented: "All names are invented.",
  video: "Video",
  videoNotice: (site: string) =>
    `The link leads to ${site}, another company's site, which will know that you watched. As long as you only read this page, it learns nothing.`,
  videoOpen: (minutes: number) => `Go to the video (${minutes} minutes)`,
  videoText: "Read what the video says",
  everyGuide: "All guides",
  pages: (count: number) => `PDF, ${count} pages`,
  place: "Place",
  forWhom: "For",
  apply: "How to join",
  asked: "What was asked",
  gathered: "Who came together",
  now: "Now",
  questions: "Questions people ask",
  news: "News",
  newsFeed: "News feed (Atom)",
  hours: (starts: string, ends: string) => (ends === "" ? `from ${starts}` : `${starts}–${ends}`),
  lists: {
    stories: { title: "Stories and voices", all: "All stories and voices" },
    people: { title: "Who you will hear from, and who we work with", all: "Everybody you may meet" },
    events: { title: "Meetings and talks", all: "All meetings and talks" },
    faq: { title: "Worries and questions", all: "All worries and questions" },
    news: { title: "News", all: "All news" },
  },
  worries: "Worries people bring to us",
  stories: "Past consultations",
  /** What the drawn portraits show. */
  drawings: {
    coordinator: "Drawing of a smiling coordinator with tied hair",
    peer: "Drawing of a young peer supporter with glasses",
  },
  mark: (sentence: string) => `“${sentence}”`,
};

export const landing = { ja, easy, en };
