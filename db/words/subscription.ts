/** The pages behind the links in our mails to readers: confirming, choosing what to receive, leaving. */

import type { Settings } from "#db/settings/settings.ts";
import { contactUs } from "#db/settings/wording.ts";
import { unsubscribeReason } from "#db/terms/mail.ts";
import { savedNotices } from "./saved-notices.ts";

const ja = (s: Settings) => ({
  confirm: {
    titles: {
      pending: "メールマガジンの登録",
      confirmed: "登録が終わりました",
      expired: "この確認リンクは期限が切れています",
      unknown: "確認リンクが見つかりません",
    },
    description: "メールマガジンの登録の確認です。",
    press: "ボタンを押すと、次のお知らせの登録が終わります。",
    button: "登録する",
    notYou: "心当たりがないときは、このページを閉じてください。登録されません。",
    thanks:
      "ご登録をありがとうございます。次の号からお届けします。いまお届けすることになっているのは、次のお知らせです。",
    read: "これまでの号を読む",
    expired: {
      before: "お手数ですが、",
      link: "もう一度お申し込みください",
      after: "。新しい確認メールをお送りします。",
    },
    unknown: {
      before: "アドレスが途中で切れているかもしれません。メールのリンクをもう一度開くか、",
      link: "もう一度お申し込みください",
      after: "。",
    },
  },
  change: {
    before: "どの号からでも、いちばん下のリンクですぐに配信を止められます。お知らせの種類は、",
    link: "受け取るお知らせを選び直すページ",
    after: "で、いつでも変えられます。",
  },
  preferences: {
    title: "受け取るお知らせを選び直す",
    unknownTitle: "お知らせを選び直すリンクが見つかりません",
    description: "受け取るお知らせを選び直すページです。",
    lead: (address: string) =>
      `${address} にお届けするお知らせを選べます。読みたいものだけにチェックを入れて、保存してください。`,
    choose: "受け取るお知らせ",
    hint: "全部のチェックを外して保存すると、配信が止まります。",
    save: "保存する",
    saved: savedNotices.preferences.saved,
    stopAll: { before: "全部まとめて止めたい方は、", link: "配信を停止するページ", after: "へどうぞ。" },
  },
  waiting: "確認メールのボタンが押されるのを待っています。ここでチェックを入れて保存しても、登録が終わります。",
  unknown: `アドレスが途中で切れているかもしれません。メールのいちばん下のリンクを、もう一度開いてみてください。うまくいかないときは、${contactUs("ja", s)}。`,
  leave: {
    titles: {
      reading: "メールマガジンの配信を停止しますか",
      left: "配信を停止しました",
      stopped: "配信を停止しました",
      unknown: "配信停止のリンクが見つかりません",
    },
    description: "メールマガジンの配信停止です。",
    list: {
      press: (list: string) => `ボタンを押すと、すぐに「${list}」が止まります。止めるのに理由はいりません。`,
      button: (list: string) => `「${list}」を停止する`,
      left: (list: string) => `「${list}」は、もう届きません。これまで読んでくださり、ありがとうございました。`,
      others: "次のお知らせは、これまでどおりお届けします。",
      waiting: "次のお知らせは、お送りした確認メールのボタンを押していただくと、届くようになります。",
      all: "ほかのお知らせも、まとめて止められます。",
      allButton: "すべてのお知らせを停止する",
    },
    press: "ボタンを押すと、すぐに、すべてのお知らせが止まります。止めるのに理由はいりません。",
    button: "配信を停止する",
    fewer: "止めずに、受け取るお知らせを選び直す",
    stopped: "お知らせは、もう届きません。これまで読んでくださり、ありがとうございました。",
    thanks: (reason: string) =>
      `「${reason}」とお答えいただきました。教えてくださり、ありがとうございました。これからのお知らせづくりに生かします。`,
    why: "よろしければ、やめる理由を教えてください（任意）",
    whyHint: "答えなくても、配信はもう止まっています。このままページを閉じてかまいません。",
    whyAgain: "やめる理由",
    send: "送る",
    change: "答えを変える",
    notStopped: "配信はまだ止まっていません。止めるのに理由はいりません。",
    againHeading: "また読みたくなったら",
    again: {
      before: "読みたいものだけを、",
      link: "受け取るお知らせを選び直す",
      after: "ページで、いつでも選べます。メールマガジンをやめても、ご相談はこれまでどおりお受けします。",
    },
  },
  reasons: unsubscribeReason as Record<keyof typeof unsubscribeReason, string>,
});

type Subscription = ReturnType<typeof ja>;

const easy = (s: Settings): Subscription => ({
  confirm: {
    titles: {
      pending: "お知らせのメールの登録",
      confirmed: "登録が終わりました",
      expired: "このリンクは、もう使えません",
      unknown: "リンクが見つかりません",
    },
    description: "お知らせのメールの登録のページです。",
    press: "ボタンをおすと、次のお知らせの登録が終わります。",
    button: "登録する",
    notYou: "このメールのことがわからない人は、このページを閉じてください。お知らせは届きません。",
    thanks: "ありがとうございます。次のお知らせから届きます。届くお知らせは、これです。",
    read: "いままでのお知らせを読む",
    expired: { before: "", link: "もう一度申し込んでください", after: "。新しいメールを送ります。" },
    unknown: {
      before: "リンクがまちがっています。メールのリンクをもう一度開いてください。または、",
      link: "もう一度申し込んでください",
      after: "。",
    },
  },
  change: {
    before: "お知らせのいちばん下のリンクで、いつでもやめられます。ほしいお知らせは、",
    link: "お知らせを選ぶページ",
    after: "で、いつでも変えられます。",
  },
  preferences: {
    title: "お知らせを選ぶ",
    unknownTitle: "リンクが見つかりません",
    description: "ほしいお知らせを選ぶページです。",
    lead: (address) => `${address} に届くお知らせを選べます。読みたいものにしるしをつけて、「残す」をおしてください。`,
    choose: "ほしいお知らせ",
    hint: "しるしを全部とると、お知らせは止まります。",
    save: "残す",
    saved: "残しました。次のお知らせから変わります。",
    stopAll: { before: "全部やめたい人は、", link: "お知らせをやめるページ", after: "を開いてください。" },
  },
  waiting: "メールのボタンを、まだおしていません。ここでしるしをつけて「残す」をおしても、登録が終わります。",
  unknown: `リンクがまちがっています。メールのいちばん下のリンクを、もう一度開いてください。開けないときは、${contactUs("easy", s)}。`,
  leave: {
    titles: {
      reading: "お知らせをやめますか",
      left: "お知らせを止めました",
      stopped: "お知らせを止めました",
      unknown: "リンクが見つかりません",
    },
    description: "お知らせをやめるページです。",
    list: {
      press: (list) => `ボタンをおすと、すぐに「${list}」が止まります。理由は言わなくていいです。`,
      button: (list) => `「${list}」をやめる`,
      left: (list) => `「${list}」は、もう届きません。読んでくれて、ありがとうございました。`,
      others: "ほかのお知らせは、いままでと同じように届きます。",
      waiting: "次のお知らせは、確認のメールのボタンをおすと、届くようになります。",
      all: "ほかのお知らせも、全部やめることができます。",
      allButton: "お知らせを全部やめる",
    },
    press: "ボタンをおすと、すぐに全部のお知らせが止まります。理由は言わなくていいです。",
    button: "お知らせをやめる",
    fewer: "やめないで、お知らせを選ぶ",
    stopped: "お知らせは、もう届きません。読んでくれて、ありがとうございました。",
    thanks: (reason) => `「${reason}」と答えてくれました。ありがとうございました。`,
    why: "やめる理由を教えてください（書かなくてもいいです）",
    whyHint: "お知らせは、もう止まっています。このページを閉じてもいいです。",
    whyAgain: "やめる理由",
    send: "送る",
    change: "答えを変える",
    notStopped: "お知らせは、まだ止まっていません。やめるときに、理由は言わなくていいです。",
    againHeading: "また読みたいとき",
    again: {
      before: "",
      link: "お知らせを選ぶ",
      after: "ページで、いつでも始められます。お知らせをやめても、相談はできます。",
    },
  },
  reasons: {
    too_many: "メールが多い",
    not_for_me: "知りたいことと、ちがう",
    settled: "毎日のくらしが変わった",
    hard_to_read: "読むのがつらい",
    not_me: "わたしは申し込んでいない",
    other: "ほかの理由",
  },
});

const en = (s: Settings): Subscription => ({
  confirm: {
    titles: {
      pending: "Subscribing to the newsletter",
      confirmed: "You are subscribed",
      expired: "This link can no longer be used",
      unknown: "There is no such link",
    },
    description: "Confirming a subscription to the newsletter.",
    press: "Press the button to subscribe to:",
    button: "Subscribe",
    notYou: "If this means nothing to you, close this page. You will not be subscribed.",
    thanks: "Thank you for subscribing. It begins with the next issue. You now receive:",
    read: "Read earlier issues",
    expired: { before: "Please ", link: "subscribe once more", after: ". We will send you a new mail." },
    unknown: {
      before: "The address may be incomplete. Open the link in the mail again, or ",
      link: "subscribe once more",
      after: ".",
    },
  },
  change: {
    before:
      "You can leave at once with the link at the end of any issue. What you receive you can change at any time on ",
    link: "the page for your choice",
    after: ".",
  },
  preferences: {
    title: "Choose what you receive",
    unknownTitle: "There is no such link",
    description: "Choosing which newsletters to receive.",
    lead: (address) => `Choose what we send to ${address}: tick what you would like to read, and save.`,
    choose: "What you receive",
    hint: "If you save with nothing ticked, everything stops.",
    save: "Save",
    saved: "Saved. It applies from the next issue.",
    stopAll: { before: "To stop everything at once, go to ", link: "the page for leaving", after: "." },
  },
  waiting: "The button in our mail has not been pressed yet. Ticking it here and saving confirms it as well.",
  unknown: `The address may be incomplete. Please open the link at the end of the mail once more. If that does not help, ${contactUs("en", s)}.`,
  leave: {
    titles: {
      reading: "Do you want to leave the newsletter?",
      left: "You have left the list",
      stopped: "You have left the newsletter",
      unknown: "There is no such link",
    },
    description: "Leaving the newsletter.",
    list: {
      press: (list) => `Press the button and “${list}” stops at once. You need not give a reason.`,
      button: (list) => `Stop “${list}”`,
      left: (list) => `“${list}” will not come any more. Thank you for having read us.`,
      others: "You still receive:",
      waiting: "These will come once you press the button in the confirmation mail that we sent you:",
      all: "You can also stop everything we send.",
      allButton: "Stop everything",
    },
    press: "Press the button and everything stops at once. You need not give a reason.",
    button: "Leave the newsletter",
    fewer: "Do not leave, but choose what I receive",
    stopped: "No more issues will come. Thank you for having read us.",
    thanks: (reason) => `You answered “${reason}”. Thank you for telling us. It helps us with what we write next.`,
    why: "If you like, tell us why (optional)",
    whyHint: "You have left already, whether you answer or not. You can simply close this page.",
    whyAgain: "Why you left",
    send: "Send",
    change: "Change the answer",
    notStopped: "You have not left yet. You need not give a reason.",
    againHeading: "If you want to read us again",
    again: {
      before: "You can ",
      link: "choose what you receive",
      after: " at any time. Having left the newsletter changes nothing about the help you get.",
    },
  },
  reasons: {
    too_many: "Too many mails",
    not_for_me: "Not what I want to know",
    settled: "Our life has changed",
    hard_to_read: "Reading it is painful",
    not_me: "I did not ask for it",
    other: "Something else",
  },
});

export const subscription = { ja, easy, en };
