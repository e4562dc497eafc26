/** The consultation form, the page to check the answers on, and the path for professionals. */

import type { Settings } from "#db/settings/settings.ts";
import { cutOff, dayOfWork, withinDays } from "#db/settings/wording.ts";
import { consents } from "./consents.ts";

const ja = (s: Settings) => ({
  title: "相談する",
  description: "病気とともに暮らす子どもと家族の相談フォームです。名前や病名を書かずに相談できます。",
  intro: "まとまっていなくて大丈夫です。ひとことでも、途中まででも、そのまま書いてください。相談の担当者が読みます。",
  ease: [
    "お名前、病名、住所は書かなくてかまいません。",
    "お金はかかりません。",
    "送る前に、書いたことを確かめる画面があります。",
  ],
  phone: "電話でも相談できます。",
  message: { label: "いま困っていること、聞いてみたいこと", hint: "4000文字まで書けます。" },
  replyBy: { label: "お返事の受け取り方" },
  email: { label: "メールアドレス", hint: "メールでのお返事を選んだ方はお書きください。" },
  phoneNumber: {
    label: "電話番号",
    hint: "電話でのお返事を選んだ方はお書きください。出やすい時間帯があれば、上の文章に書き添えてください。",
  },
  more: "よろしければ教えてください（答えなくても相談できます）",
  name: { label: "お呼びするお名前", hint: "ニックネームでかまいません。" },
  relation: { label: "あなたはどなたですか" },
  schoolStage: { label: "お子さんの学年" },
  municipality: { label: "お住まいの市町村" },
  topics: { label: "近いものはありますか（いくつでも）" },
  heardFrom: { label: "ここを何で知りましたか" },
  empty: "選ばない",
  consent: {
    label: "書いたことの扱いについて",
    sentence: consents.ja(s).consultation,
    privacy: "だれが読み、いつまで保管するか（個人情報の扱い）",
  },
  agree: "同意します",
  toCheck: "書いたことを確かめる",
  promise: `お返事を希望された方には、${withinDays(s)}にご連絡します。${cutOff("ja", s)}を過ぎて届いたものは、次の${dayOfWork(s)}に届いたものとして数えます。日付は、送ったあとの画面に出ます。`,
  unseen: "この欄には何も書かないでください",
  errorHeading: "入力内容をご確認ください",
  lost: "お書きになった内容は、この画面には残っていません。送り終えたか、1時間ほどたったためです。受付番号の画面が出た方の相談は、届いています。まだの方は、前の画面に戻ると残っていることがあります。残っていないときは、お手数ですが、もう一度お書きください。",
  wholeHeading: "ご確認ください",
  toProfessional: "お仕事で子どもと家族を支えている方は、こちらの相談フォームへ",
  check: {
    title: "書いたことを確かめる",
    lead: "まだ送っていません。よろしければ、下のボタンで送ってください。",
    change: "変更",
    rest: "そのほかの質問",
    unanswered: "（答えていないものがあります。答えなくても相談できます）",
    send: "この内容で相談する",
    correct: (address: string) => `${address} に直す`,
    slip: (end: string) =>
      end === ""
        ? "「@」のうしろが途中で切れているかもしれません。合っていれば、このまま送ってください。"
        : `「@」のうしろは「${end}」の打ち間違いではありませんか。合っていれば、このまま送ってください。`,
    agreed: "同意しました",
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
    toFamily: "ご家族やご本人の方は、こちらの相談フォームへ",
    relation: { label: "あなたのお仕事" },
    message: {
      label: "どのようなことでお困りですか",
      hint: "お子さんの様子（学年、いまいる場所、困っていること）と、知りたいこと（だれと、どう進めるか、使える資料など）をお書きください。4000文字まで書けます。",
    },
    name: { label: "あなたのお名前", hint: "名字だけでかまいません。" },
    affiliation: { label: "ご所属とお仕事", hint: "例: 小学校の養護教諭、病院の医療ソーシャルワーカー" },
    schoolStage: { label: "どの年代のお子さんのことですか" },
    municipality: { label: "お勤め先の市町村" },
    topics: { label: "どのようなことについてですか（いくつでも）" },
    consent: consents.ja(s).professional,
  },
});

type Form = ReturnType<typeof ja>;

const easy = (s: Settings): Form => ({
  title: "相談を書く",
  description: "病気の子どもと家族のための相談のページです。名前を書かないで相談できます。",
  intro: "短くてもいいです。上手に書けなくてもいいです。いま思っていることを書いてください。相談の人が読みます。",
  ease: [
    "名前、病気の名前、住所は書かなくていいです。",
    "お金はいりません。",
    "送る前に、書いたことをもう一度見ることができます。",
  ],
  phone: "電話でも相談できます。",
  message: { label: "困っていること、聞きたいこと", hint: "4000文字まで書けます。ひらがなだけでもいいです。" },
  replyBy: { label: "返事はどうやって受けとりますか" },
  email: { label: "メールアドレス", hint: "メールで返事がほしい人は書いてください。" },
  phoneNumber: { label: "電話番号", hint: "電話で返事がほしい人は書いてください。" },
  more: "よかったら教えてください（書かなくても相談できます）",
  name: { label: "あなたを何と呼びますか", hint: "本当の名前でなくてもいいです。" },
  relation: { label: "あなたはだれですか" },
  schoolStage: { label: "子どもは何年生ですか" },
  municipality: { label: "住んでいるところ" },
  topics: { label: "どんなことですか（いくつ選んでもいいです）" },
  heardFrom: { label: "ここを何で知りましたか" },
  empty: "選ばない",
  consent: {
    label: "書いたことの使い方",
    sentence: consents.easy(s).consultation,
    privacy: "だれが読むか、いつまで残すか",
  },
  agree: "いいです（同意します）",
  toCheck: "書いたことを見る",
  promise: `返事がほしい人には、${s.replyDays}日のうちに返事をします。休みの日と、${cutOff("easy", s)}のあとに送った日は、数えません。返事をする日は、送ったあとに出ます。`,
  unseen: "ここには何も書かないでください",
  errorHeading: "もう一度見てください",
  lost: "書いたことは、この画面には残っていません。もう送ったか、1時間たったからです。受付番号を見た人の相談は、届いています。まだの人は、前の画面にもどると、残っていることがあります。残っていないときは、もう一度書いてください。",
  wholeHeading: "見てください",
  toProfessional: "仕事で子どもを手伝っている人のページ（日本語）",
  check: {
    title: "書いたことを見てください",
    lead: "まだ送っていません。これでよかったら、下のボタンをおしてください。",
    change: "直す",
    rest: "ほかの質問",
    unanswered: "（書いていないものがあります。書かなくてもいいです）",
    send: "送る",
    correct: (address: string) => `${address} に直す`,
    slip: (end: string) =>
      end === ""
        ? "「@」のうしろが足りないかもしれません。まちがいがないときは、このまま送ってください。"
        : `「@」のうしろは「${end}」ではありませんか。まちがいがないときは、このまま送ってください。`,
    agreed: "それでいいです",
  },
  professional: ja(s).professional,
});

const en = (s: Settings): Form => ({
  title: "Ask for help",
  description:
    "The form for children living with illness and their families. You can ask without a name or a diagnosis.",
  intro:
    "It need not be tidy. One line is enough, and so is half a thought. You may write in English. A coordinator reads it.",
  ease: [
    "You need not give a name, a diagnosis or an address.",
    "It costs nothing.",
    "You see everything once more before it is sent.",
  ],
  phone: "You can also call us (in Japanese).",
  message: { label: "What worries you, or what would you like to ask?", hint: "Up to 4,000 characters." },
  replyBy: { label: "How may we reply?" },
  email: { label: "E-mail address", hint: "If you would like a reply by e-mail." },
  phoneNumber: {
    label: "Telephone number",
    hint: "If you would like a call. Tell us above when it is easiest to reach you.",
  },
  more: "If you like, tell us more (you can ask without answering)",
  name: { label: "What may we call you?", hint: "A nickname is fine." },
  relation: { label: "Who are you?" },
  schoolStage: { label: "Your child's school stage" },
  municipality: { label: "Where you live" },
  topics: { label: "Which of these come close? (as many as you like)" },
  heardFrom: { label: "How did you hear of us?" },
  empty: "Not chosen",
  consent: {
    label: "What happens to what you write",
    sentence: consents.en(s).consultation,
    privacy: "Who reads it and how long we keep it (privacy)",
  },
  agree: "I agree",
  toCheck: "Check what I wrote",
  promise: `If you asked for a reply, we answer within ${s.replyDays} working days. What arrives after ${cutOff("en", s)} counts from the next working day. The date is shown once you have sent it.`,
  unseen: "Please leave this field empty",
  errorHeading: "There is a problem",
  lost: "What you wrote is not on this page any more: it was sent, or about an hour has passed. If you have seen a reference number, your request has reached us. If not, your words may still be there if you go back. If they are gone, please write them once more.",
  wholeHeading: "Please note",
  toProfessional: "For professionals who support a child (in Japanese)",
  check: {
    title: "Check what you wrote",
    lead: "It has not been sent yet. If it looks right, send it with the button below.",
    change: "Change",
    rest: "The other questions",
    unanswered: "(Some are left blank, which is fine.)",
    send: "Send it",
    correct: (address: string) => `Change it to ${address}`,
    slip: (end: string) =>
      end === ""
        ? "The part after the @ may be cut short. If it is right, just send it as it is."
        : `Did you mean “${end}” after the @? If it is right as it is, just send it.`,
    agreed: "Agreed",
  },
  professional: ja(s).professional,
});

export const form = { ja, easy, en };
