/** Sentences of the staff pages about one reader of the newsletter. */

import { keepProofYears, keepUnconfirmedDays } from "#db/terms/privacy.ts";

export const readerWords = {
  notFound: "このアドレスで登録している読者はいません。つづりを確かめてください。消した読者は、さがせません。",
  taken: "このアドレスは、別の読者として登録があります。訂正せずに、そのアドレスでさがしてください。",
  listUnknown: "このお知らせの登録はありません。画面を開き直してください。",
  nothingWaits: "確認を待っているお知らせはありません。",
  tooSoon: (from: string) => `確認メールは、1つのアドレスに1日1通までです。次は ${from} から送れます。`,
  planned: (at: string) => `確認メールは、${at} に送ることになっています。`,

  find: {
    title: "読者をさがす",
    label: "読者のメールアドレス",
    hint: "アドレスをすべて入れてください。大文字と小文字、全角と半角は区別しません。",
    whatFor:
      "「届かない」「止めてほしい」「アドレスを消してほしい」と言われたときに使います。さがせるのは、メールマガジンの読者だけです。さがしたことは、アドレスを除いて記録に残ります。",
  },

  suppressed:
    "このアドレスには、お知らせを送りません（送信停止）。ご本人がもう一度登録を確認すると、送れることがあります。",
  noList: "お知らせの登録はありません。",
  forms: {
    "/newsletter": "メールマガジンの申し込みページ",
    "/newsletter/preferences": "受け取るお知らせを選び直すページ",
    "/api/subscriptions": "ほかのサイトやプログラム（API）",
    "/guides/": "資料の申し込みページ",
  } as Record<string, string>,
  /** Of a message that never was one: the form was sent again, and every list was confirmed or had its mail. */
  nothingToConfirm: "確認ずみか、前の確認メールがあったので、送りませんでした。",
  toFormer: "訂正する前のアドレスへ",

  confirmation: {
    heading: "確認メールを送り直す",
    now: "登録を終えるためのリンクを、このアドレスにもう一度送ります。前のリンクも、また使えるようになります。",
    button: "確認メールを送り直す",
  },
  stopOne: {
    summary: "止める",
    question: (list: string) =>
      `「${list}」をすぐに止めます。職員が元にもどすことはできません。また読みたいときは、ご本人にもう一度申し込んでいただきます。`,
    button: "このお知らせを止める",
  },
  stop: {
    heading: "すべて止める",
    text: "すべてのお知らせをすぐに止めて、このアドレスに送信停止の印をつけます。ご本人が登録し直すまで、送りません。",
    button: "すべてのお知らせを止める",
  },
  correct: {
    heading: "アドレスを訂正する",
    text: "新しいアドレスがご本人のものかは、まだ分かりません。そこで、新しいアドレスに確認メールを送り、ボタンが押されるまでお知らせは送りません。前のアドレスは消し、そこへ送ったリンクからは何も変えられなくなります。",
    spelling: "同じアドレスの書き方だけを直すときは、確認はいりません。",
    label: "正しいメールアドレス",
    button: "訂正する",
  },
  erase: {
    link: "この読者を消す",
    title: "この読者を消しますか",
    what: [
      "メールアドレスを、暗号を解く鍵といっしょに消します。元に戻せません。お知らせは、もう送りません。",
      "どの文に、いつ同意したかの記録と、何を送ったかの記録は、だれのものか分からない形で残ります。",
      "送信停止の印がついているときは、その印だけを残します。印からアドレスは分かりません。",
      "データベースのファイルからは1時間ほどで、バックアップからは保管の期限が来ると消えます。",
      "資料の申し込みや相談でも同じアドレスを使っているとき、そちらは消えません。",
    ],
    button: "消す",
    back: "消さない",
  },
  retention: `確認のボタンが押されなかった人のアドレスは、最後の確認メールから${keepUnconfirmedDays}日で消えます。やめた人のアドレスは、最後のメールから${keepProofYears}年で消えます。`,
  /** What a member of staff did, by the word of the trail. */
  actions: {
    correct_address: "アドレスを訂正した",
    resend_confirmation: "確認メールを送り直した",
    suppress: "送信停止の印をつけた",
    unsubscribe: "止めた",
  } as Record<string, string>,
};

/** Where consent was given, for staff; the path itself where it is none of the known forms. */
export function formInWords(form: string): string {
  const path = form.startsWith("/guides/") ? "/guides/" : form;
  return readerWords.forms[path] ?? form;
}
