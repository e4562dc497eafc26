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
    hint: "電話でのお返事を選んだ方はお書きください。",
  },
  calls: {
    legend: "お電話のときのお願い（任意）",
    hint: "ご家族や職場の方に知られたくないときのために、うかがっています。",
    as: "電話に出た方に、だれからの電話かを伝えてよいですか",
    asOptions: {
      organisation: `${s.name.ja}からと伝えてよい`,
      name: "団体の名前は言わず、担当者の名前だけにしてほしい",
    },
    message: "留守番電話に伝言を残してよいですか",
    messageOptions: { yes: "残してよい", no: "残さないでほしい" },
    when: { label: "出やすい日や時間", hint: "例: 平日の10時から14時" },
    who: {
      label: "あなたのほかに、出てもかまわない方",
      hint: "例: 夫。だれにも知られたくないときは、そうお書きください。",
    },
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
  link: "保護者の方は、こちらの相談フォームへ",
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
});

type Form = ReturnType<typeof ja>;

const easy = (s: Settings): Form => ({
  title: "相談を書く",
  description: "病気の子どもと家族のための相談のページです。名前を書かないで相談できます。",
  intro:
    "短くてもいいです。上手に書けなくてもいいです。いま思っていることを書いてください。あなたの国のことばで書いてもいいです。相談の人が読みます。",
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
  calls: {
    legend: "電話のときのお願い（書かなくてもいいです）",
    hint: "家族や仕事の人に知られたくないときは、書いてください。",
    as: "電話に出た人に、わたしたちの名前を言ってもいいですか",
    asOptions: {
      organisation: `「${s.name.easy}です」と言ってもいい`,
      name: "言わないでほしい（電話をする人の名前だけ言う）",
    },
    message: "るすばん電話に、話を残してもいいですか",
    messageOptions: { yes: "残してもいい", no: "残さないでほしい" },
    when: { label: "電話に出やすい時間", hint: "例: 10時から14時" },
    who: { label: "あなたのほかに、電話に出てもいい人", hint: "例: 夫" },
  },
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
  link: "親のページ",
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
});

const en = (s: Settings): Form => ({
  title: "Ask for help",
  description:
    "The form for children living with illness and their families. You can ask without a name or a diagnosis.",
  intro:
    "It need not be tidy. One line is enough, and so is half a thought. You may write in English or in your own language. A coordinator reads it.",
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
    hint: "If you would like a call.",
  },
  calls: {
    legend: "When we call (optional)",
    hint: "In case your family or people at work should not know.",
    as: "May we tell whoever answers who is calling?",
    asOptions: { organisation: `Yes, say that it is ${s.name.en}`, name: "No, only the caller's own name" },
    message: "May we leave a message on an answering machine?",
    messageOptions: { yes: "Yes", no: "No" },
    when: { label: "When it is easiest to reach you", hint: "For example: weekdays, 10:00 to 14:00" },
    who: { label: "Who else may answer", hint: "For example: my husband" },
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
  link: "For parents",
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
});

export const form = { ja, easy, en };
