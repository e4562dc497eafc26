/** The page after sending, but for its replaceable sections (sections/receipt.ts): enough by itself, also when no mail arrives. */

import type { Settings } from "#db/settings/settings.ts";
import { contactUs } from "#db/settings/wording.ts";

const ja = (s: Settings) => ({
  title: "ご相談を受け付けました",
  done: "これで終わりです。送り直す必要はありません。",
  description: "ご相談の受付の控えです。",
  reference: "受付番号",
  promise: {
    email: (day: string) => `${day}までにメールでお返事します。`,
    phone: (day: string) => `${day}までにお電話します。`,
    site: (day: string) => `${day}までに、このサイトにお返事を書きます。`,
    none: `お返事は送りません。あとからお返事がほしくなったときは、${contactUs("ja", s)}。受付番号をお伝えください。`,
  },
  slip: {
    heading: "メールアドレスをもう一度お確かめください。",
    cut: "「@」のうしろが途中で切れているかもしれません。",
    meant: (end: string) => `「@」のうしろが「${end}」の打ち間違いかもしれません。`,
    before: "ちがっていたら、もう一度",
    form: "相談フォーム",
    after: `に受付番号と正しいアドレスを書いて送るか、${contactUs("ja", s)}。合っていれば、このままで大丈夫です。`,
  },
  code: {
    heading: "受付コード",
    why: "お返事をこのサイトで読み、書き足すときに使います。メールが届かなくても読めます。",
    keep: "この画面にだけ出ます。画面の写真を撮るか、紙に書いて、受付番号といっしょに残しておいてください。1時間たつと出なくなります。",
    end: "コードの最後の3文字",
    endHint: "控えたら、最後の3文字を入れてください。そのあと、コードはこの画面から消えます。",
    confirm: "控えました",
    wrong: "最後の3文字がちがうようです。上のコードをもう一度見てください。",
    confirmed: "控えてくださり、ありがとうございます。コードは、もうこの画面に出ません。",
    hidden: `受付コードは、もうこの画面に出ません。控えていないときは、${contactUs("ja", s)}。受付番号をお伝えください。ご本人であることを確かめてから、新しいコードをお伝えします。`,
    away: "受付コードを、いま出せません。受付番号を控えて、少しあとでこの画面を開き直してください。ご相談は届いています。",
    back: "お返事を読む・書き足すページ",
  },
  nextSite:
    "お知らせは送りません。その日になったら、下の「お返事を読む・書き足すページ」に、受付番号と受付コードを入れてお読みください。",
  nextHeading: "このあとのこと",
  mailHeading: "メールが届かないとき",
  heldBack: "このサイトはまだ準備中のため、メールは職員のほかには送っていません。この画面を控えとして残してください。",
  mailSent: "受付の控えを、いま同じ内容でメールでもお送りしています。届かなくても、ご相談は届いています。",
  notMailed:
    "受付の控えのメールは、今回はお送りしていません。同じメールアドレスにお送りする控えは、1時間に3通までとしています。ご相談は届いています。この画面を控えとして残してください。",
  allow: (domain: string) =>
    `迷惑メール設定をお使いの方は、${domain} からのメールを受け取れるようにしてください。リンクのあるメールを断る設定も、外してください。`,
  missing: {
    title: "受付の画面が見つかりません",
    why: "リンクが途中で切れているか、表示できる期間が過ぎています。",
    safe: `送ったご相談がなくなったわけではありません。${contactUs("ja", s)}。受付番号が分からなくても大丈夫です。`,
  },
});

type Receipt = ReturnType<typeof ja>;

const easy = (s: Settings): Receipt => ({
  title: "相談が届きました",
  done: "これで終わりです。もう一度送らなくていいです。",
  description: "相談が届いたことを知らせるページです。",
  reference: "受付番号（あなたの相談の番号）",
  promise: {
    email: (day) => `${day}までに、メールで返事をします。`,
    phone: (day) => `${day}までに、電話をします。`,
    site: (day) => `${day}までに、このサイトに返事を書きます。`,
    none: `返事は送りません。返事がほしくなったら、${contactUs("easy", s)}。受付番号を言ってください。`,
  },
  slip: {
    heading: "メールアドレスをもう一度見てください。",
    cut: "「@」のうしろが足りないかもしれません。",
    meant: (end) => `「@」のうしろは「${end}」かもしれません。`,
    before: "まちがっていたら、もう一度",
    form: "相談のページ",
    after: `に、受付番号と正しいアドレスを書いてください。${contactUs("easy", s)}。まちがっていなければ、何もしなくていいです。`,
  },
  code: {
    heading: "受付コード（ひみつの文字）",
    why: "返事をこのサイトで読むときに使います。もっと書きたいときにも使います。メールが来なくても、返事が読めます。",
    keep: "この文字は、ここにしか出ません。写真をとるか、紙に書いてください。受付番号も書いてください。1時間たつと見えなくなります。",
    end: "コードの最後の3文字",
    endHint: "書き終わったら、最後の3文字を入れてください。そのあと、コードは見えなくなります。",
    confirm: "書きました",
    wrong: "3文字がちがいます。上のコードをもう一度見てください。",
    confirmed: "コードを書いてくれて、ありがとうございます。コードはもう見えません。",
    hidden: `コードはもう見えません。書いていないときは、${contactUs("easy", s)}。受付番号を言ってください。新しいコードを教えます。`,
    away: "いま、コードを出せません。受付番号を書いてください。少し待って、もう一度このページを開いてください。相談は届いています。",
    back: "返事を読むページ",
  },
  nextSite: "お知らせは送りません。その日になったら、「返事を読むページ」に番号とコードを入れて、読んでください。",
  nextHeading: "このあと",
  mailHeading: "メールが来ないとき",
  heldBack: "このページは、まだ準備をしています。メールは送っていません。このページを写真にとってください。",
  mailSent: "いま、同じことをメールでも送りました。メールが来なくても、相談は届いています。",
  notMailed:
    "今回は、メールを送りませんでした。同じメールアドレスに送るのは、1時間に3回までです。相談は届いています。この画面の写真をとるか、紙に書いてください。",
  allow: (domain) => `メールの設定で、${domain} からのメールを受けとれるようにしてください。`,
  missing: {
    title: "ページが見つかりません",
    why: "リンクが足りないか、古いです。",
    safe: `あなたの相談はなくなっていません。${contactUs("easy", s)}。番号がわからなくてもいいです。`,
  },
});

const en = (s: Settings): Receipt => ({
  title: "We have received what you wrote",
  done: "That is all. You need not send it again.",
  description: "The receipt for your request.",
  reference: "Reference number",
  promise: {
    email: (day) => `We will reply by e-mail by ${day}.`,
    phone: (day) => `We will call you by ${day}.`,
    site: (day) => `We will write our reply on this site by ${day}.`,
    none: `We will not send a reply. If you would like one after all, ${contactUs("en", s)} and give the reference number.`,
  },
  slip: {
    heading: "Please check your e-mail address.",
    cut: "The part after the @ may be cut short.",
    meant: (end) => `Did you mean “${end}” after the @?`,
    before: "If it is wrong, ",
    form: "use the form again",
    after: ` with the reference number and the right address, or ${contactUs("en", s)}. If it is right, there is nothing to do.`,
  },
  code: {
    heading: "Receipt code",
    why: "You need it to read our reply on this site and to write more. It works even if no mail reaches you.",
    keep: "It is shown on this page only. Take a picture or write it down together with the reference number. It disappears after an hour.",
    end: "The last 3 characters of the code",
    endHint: "When you have noted the code, enter its last 3 characters. It then disappears from this page.",
    confirm: "I have noted it",
    wrong: "Those are not the last 3 characters. Please look at the code above again.",
    confirmed: "You have noted your receipt code. It is no longer shown here.",
    hidden: `The receipt code is no longer shown here. If you did not note it, ${contactUs("en", s)} with the reference number. Once we have made sure that it is you, we will give you a new one.`,
    away: "The receipt code cannot be shown at the moment. Note the reference number and open this page again in a little while. What you wrote has reached us.",
    back: "Read our reply or write more",
  },
  nextSite:
    "Nothing is sent to you. From that day, enter the reference number and the receipt code on the page for our reply.",
  nextHeading: "What happens next",
  mailHeading: "If our mail does not come",
  heldBack: "This site is still being prepared, so no mail is sent to anybody but staff. Please keep this page.",
  mailSent: "We are sending you the same by e-mail now. Even if it does not come, your request has reached us.",
  notMailed:
    "We have not sent you the receipt by e-mail this time: we send at most three receipts an hour to one address. Your request has reached us. Please keep this page as your receipt.",
  allow: (domain) => `If you use a mail filter, allow mail from ${domain}, and mail that contains links.`,
  missing: {
    title: "This receipt cannot be found",
    why: "The link may have been cut short, or is too old to be shown.",
    safe: `What you sent is not lost. Please ${contactUs("en", s)} to make sure. You do not need the reference number.`,
  },
});

export const receipt = { ja, easy, en };
