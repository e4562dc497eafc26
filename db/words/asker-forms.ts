/** The forms for those who are not the parents: what each says and asks otherwise than the form for families (form.ts). */

import type { Settings } from "#db/settings/settings.ts";
import type { Asker } from "#db/terms/askers.ts";
import type { Locale } from "#db/terms/locale.ts";

const relative = {
  title: "きょうだい・祖父母の方のご相談",
  description: "病気の子どものきょうだい、祖父母、親族の方のための相談フォームです。名前や病名を書かずに相談できます。",
  intro: "お子さんのことでも、ご自身のことでもかまいません。いつも後回しにしてきた気持ちも、そのまま書いてください。",
  ease: [
    "お名前、病名、住所は書かなくてかまいません。お金はかかりません。",
    "書いたことを、了解なしにご家族へ伝えることはありません。",
    "送る前に、書いたことを確かめる画面があります。",
  ],
  message: { label: "いま気になっていること、聞いてみたいこと", hint: "4000文字まで書けます。" },
  relation: { label: "あなたはどなたですか（任意）" },
  name: { label: "お呼びするお名前", hint: "ニックネームでかまいません。" },
  affiliation: { label: "", hint: "" },
  schoolStage: { label: "病気のお子さんの学年" },
  municipality: { label: "お住まいの市町村" },
  topics: { label: "近いものはありますか（いくつでも）" },
  link: "きょうだい・祖父母の方は、こちらの相談フォームへ",
};

export type AskerForm = typeof relative;

const ja = (_s: Settings): Record<Exclude<Asker, "family">, AskerForm> => ({
  relative,
  self: {
    title: "本人の相談フォーム",
    description: "病気のある中高生や若い人が、自分で相談するためのフォームです。名前を書かなくても相談できます。",
    intro: "短くても、途中まででも大丈夫です。友だちに送るくらいの言葉で、そのまま書いてください。",
    ease: [
      "名前、学校、病気の名前は書かなくて大丈夫です。お金はかかりません。",
      "書いたことを、あなたにことわらずに親や学校に話すことはありません。",
      "送る前に、書いたことを確かめる画面があります。",
    ],
    message: { label: "いま気になっていること、聞いてみたいこと", hint: "4000文字まで書けます。" },
    relation: { label: "" },
    name: { label: "何と呼べばいいですか", hint: "ニックネームで大丈夫です。" },
    affiliation: { label: "", hint: "" },
    schoolStage: { label: "あなたの学年" },
    municipality: { label: "住んでいる市町村" },
    topics: { label: "近いものはありますか（いくつでも）" },
    link: "病気の本人（中高生など）の方は、こちらの相談フォームへ",
  },
  professional: {
    title: "お仕事で支えている方のご相談",
    description: "学校、病院、福祉、行政で病気の子どもと家族を支える方のための相談フォームです。",
    intro:
      "はじめて病気の子どもを受けもった、次にどこと話せばよいか分からない。そのような段階からご相談いただけます。校内や院内で配れる資料もお渡しします。",
    ease: [
      "お子さんのお名前、学校名、病院名など、だれのことか分かることは書かないでください。学年と、困っていることだけで足ります。",
      "ご家族の了解がまだでも、一般的な進め方としてお答えします。",
      "送る前に、書いたことを確かめる画面があります。",
    ],
    message: {
      label: "どのようなことでお困りですか",
      hint: "お子さんの様子（学年、いまいる場所、困っていること）と、知りたいこと（だれと、どう進めるか、使える資料など）をお書きください。4000文字まで書けます。",
    },
    relation: { label: "あなたのお仕事" },
    name: { label: "あなたのお名前", hint: "名字だけでかまいません。" },
    affiliation: { label: "ご所属とお仕事", hint: "例: 小学校の養護教諭、病院の医療ソーシャルワーカー" },
    schoolStage: { label: "どの年代のお子さんのことですか" },
    municipality: { label: "お勤め先の市町村" },
    topics: { label: "どのようなことについてですか（いくつでも）" },
    link: "お仕事で子どもと家族を支えている方は、こちらの相談フォームへ",
  },
});

const easy = (): ReturnType<typeof ja> => ({
  relative: {
    title: "きょうだい、おじいさん、おばあさんの相談",
    description: "病気の子どものきょうだいや、おじいさん、おばあさんのための相談のページです。",
    intro: "子どものことでも、あなたのことでもいいです。いま思っていることを書いてください。",
    ease: [
      "名前、病気の名前、住所は書かなくていいです。お金はいりません。",
      "あなたが「いいです」と言う前に、家族に話しません。",
      "送る前に、書いたことをもう一度見ることができます。",
    ],
    message: { label: "困っていること、聞きたいこと", hint: "4000文字まで書けます。ひらがなだけでもいいです。" },
    relation: { label: "あなたはだれですか（書かなくてもいいです）" },
    name: { label: "あなたを何と呼びますか", hint: "本当の名前でなくてもいいです。" },
    affiliation: { label: "", hint: "" },
    schoolStage: { label: "病気の子どもは何年生ですか" },
    municipality: { label: "住んでいるところ" },
    topics: { label: "どんなことですか（いくつ選んでもいいです）" },
    link: "きょうだい、おじいさん、おばあさんのページ",
  },
  self: {
    title: "病気の本人の相談",
    description: "病気のある子どもや若い人が、自分で相談するページです。名前を書かないで相談できます。",
    intro: "短くてもいいです。いま思っていることを、そのまま書いてください。",
    ease: [
      "名前、学校、病気の名前は書かなくていいです。お金はいりません。",
      "あなたが「いいです」と言う前に、親や学校に話しません。",
      "送る前に、書いたことをもう一度見ることができます。",
    ],
    message: { label: "困っていること、聞きたいこと", hint: "4000文字まで書けます。ひらがなだけでもいいです。" },
    relation: { label: "" },
    name: { label: "あなたを何と呼びますか", hint: "本当の名前でなくてもいいです。" },
    affiliation: { label: "", hint: "" },
    schoolStage: { label: "あなたは何年生ですか" },
    municipality: { label: "住んでいるところ" },
    topics: { label: "どんなことですか（いくつ選んでもいいです）" },
    link: "病気の本人のページ",
  },
  professional: {
    title: "仕事で子どもを手伝っている人の相談",
    description: "学校、病院、福祉、役所で働く人のための相談のページです。",
    intro: "はじめて病気の子どもを手伝う人も、次に何をするか分からない人も、相談できます。",
    ease: [
      "子どもの名前、学校の名前、病院の名前は書かないでください。学年と、困っていることだけでいいです。",
      "家族がまだ「いいです」と言っていないときも、ふつうの進め方を答えます。",
      "送る前に、書いたことをもう一度見ることができます。",
    ],
    message: {
      label: "どんなことで困っていますか",
      hint: "子どもの学年、いまいるところ、困っていること、知りたいことを書いてください。4000文字まで書けます。",
    },
    relation: { label: "あなたの仕事" },
    name: { label: "あなたの名前", hint: "名字だけでいいです。" },
    affiliation: { label: "働いているところ", hint: "例: 小学校、病院" },
    schoolStage: { label: "子どもは何年生ですか" },
    municipality: { label: "働いているところの市や町" },
    topics: { label: "どんなことですか（いくつ選んでもいいです）" },
    link: "仕事で子どもを手伝っている人のページ",
  },
});

const en = (): ReturnType<typeof ja> => ({
  relative: {
    title: "For brothers, sisters and grandparents",
    description: "The form for brothers and sisters, grandparents and other relatives of a child who is ill.",
    intro: "Write about the child or about yourself. What always had to wait may be said here, too.",
    ease: [
      "You need not give a name, a diagnosis or an address. It costs nothing.",
      "We do not tell the family what you write unless you agree.",
      "You see everything once more before it is sent.",
    ],
    message: { label: "What is on your mind, or what would you like to ask?", hint: "Up to 4,000 characters." },
    relation: { label: "Who are you? (optional)" },
    name: { label: "What may we call you?", hint: "A nickname is fine." },
    affiliation: { label: "", hint: "" },
    schoolStage: { label: "School stage of the child who is ill" },
    municipality: { label: "Where you live" },
    topics: { label: "Which of these come close? (as many as you like)" },
    link: "For brothers, sisters and grandparents",
  },
  self: {
    title: "If you are ill yourself",
    description: "The form for teenagers and young people who live with an illness and want to ask for themselves.",
    intro: "One line is enough, and so is half a thought. Write as you would to a friend.",
    ease: [
      "You need not give your name, your school or what your illness is called. It costs nothing.",
      "We do not talk to your parents or your school unless you agree.",
      "You see everything once more before it is sent.",
    ],
    message: { label: "What is on your mind, or what would you like to ask?", hint: "Up to 4,000 characters." },
    relation: { label: "" },
    name: { label: "What may we call you?", hint: "A nickname is fine." },
    affiliation: { label: "", hint: "" },
    schoolStage: { label: "Your school stage" },
    municipality: { label: "Where you live" },
    topics: { label: "Which of these come close? (as many as you like)" },
    link: "If you are ill yourself",
  },
  professional: {
    title: "For professionals who support a child",
    description:
      "The form for people who support ill children and their families at school, in hospital or in public office.",
    intro:
      "Is it your first child with an illness, or are you unsure whom to talk to next? You can ask from there. We also have papers to hand on at your school or hospital.",
    ease: [
      "Please leave out names of the child, the school and the hospital. The school stage and the difficulty are enough.",
      "If the family has not agreed yet, we answer in general terms.",
      "You see everything once more before it is sent.",
    ],
    message: {
      label: "What is the difficulty?",
      hint: "How the child is (school stage, where they are now, what is hard), and what you would like to know (with whom and how to go about it, papers to use). Up to 4,000 characters.",
    },
    relation: { label: "Your profession" },
    name: { label: "Your name", hint: "The family name is enough." },
    affiliation: { label: "Where you work, and as what", hint: "For example: school nurse at a primary school" },
    schoolStage: { label: "School stage of the child" },
    municipality: { label: "Where you work" },
    topics: { label: "What is it about? (as many as you like)" },
    link: "For professionals who support a child",
  },
});

export const askerForms: Record<Locale, typeof ja> = { ja, easy, en };
