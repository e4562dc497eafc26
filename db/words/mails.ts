/**
 * What our mails to families and readers say: their frame, the receipt, the link of a guide, the question whether a
 * subscription was meant. Never anything of what was written, and no reference in a subject: subjects show on locked
 * screens, and the reference is half of the way in.
 */

import type { Settings } from "#db/settings/settings.ts";
import { contactUs, hoursLabel, openingTimes } from "#db/settings/wording.ts";
import { guideMail } from "./guide-mail.ts";
import { site as siteWords } from "./site.ts";

const ja = (s: Settings) => ({
  from: s.legalName.ja,
  phone: "電話",
  hours: "受付時間",
  hoursText: hoursLabel("ja", s),
  email: "メール",
  colon: "：",
  invented: siteWords.ja(s).invented,
  notForYou:
    "このメールに心当たりがない場合は、どなたかがアドレスを打ち間違えたものと思われます。お手数ですが、このまま破棄してください。",
  allowDomain: (domain: string) =>
    `このあとのメールが届かないときは、携帯電話の迷惑メール設定で「${domain}」からの受信を許可してください。`,
  guide: guideMail.ja,
  receipt: {
    subject: `【${s.name.ja}】受け付けました`,
    title: "これで終わりです",
    lead: "ご連絡をありがとうございます。たしかに受け取りました。担当の者が読んで、お返事します。",
    reference: "受付番号",
    promise: "お返事の予定",
    until: (day: string) => `${day}まで`,
    read: "お返事は、受付番号と受付コード（送ったあとの画面に出たもの）で、次のページでも読めます。書き足すこともできます。",
    readSpoken: `お返事は、受付番号と受付コードで、次のページでも読めます。受付コードは、お電話などで直接お伝えします。まだのときは、${contactUs("ja", s)}。`,
    button: "お返事を読むページ",
    call: `お急ぎのときや、予定の日を過ぎてもお返事がないときは、${contactUs("ja", s)}。受付番号をお伝えいただくと、すぐにわかります。`,
  },
  guideLink: {
    subject: `【${s.name.ja}】資料のご案内`,
    lead: (title: string) =>
      `「${title}」をお申し込みいただき、ありがとうございます。次のページからダウンロードできます。`,
    until: (day: string) => `このリンクは${day}まで使えます。期限を過ぎたときは、もう一度お申し込みください。`,
  },
  confirmation: {
    subject: `【${s.name.ja}】メールマガジンの登録を確認してください`,
    lead: (lists: readonly string[]) =>
      `${lists.map((name) => `「${name}」`).join("")}へのお申し込みをありがとうございます。登録はまだ終わっていません。次のページを開き、「登録する」ボタンを押してください。`,
    link: "登録を確認するページ",
    until: (day: string) => `このリンクは${day}まで使えます。`,
    notYou:
      "お申し込みに心当たりがない場合は、何もしないでください。登録されることも、お知らせが届くこともありません。",
  },
});

type Mails = ReturnType<typeof ja>;

const easy = (s: Settings): Mails => ({
  from: s.legalName.easy,
  phone: "電話",
  hours: "時間",
  hoursText: hoursLabel("easy", s),
  email: "メール",
  colon: "：",
  invented: siteWords.easy(s).invented,
  notForYou: "このメールのことがわからない人は、消してください。だれかがアドレスをまちがえて書きました。",
  allowDomain: (domain: string) =>
    `次のメールが届かないときは、スマートフォンの「迷惑メール」の設定で、「${domain}」を受けとるようにしてください。`,
  guide: guideMail.easy,
  receipt: {
    subject: `【${s.name.easy}】相談が届きました`,
    title: "これで終わりです",
    lead: "ありがとうございます。あなたの相談が届きました。相談の人が読んで、返事をします。",
    reference: "受付番号（あなたの相談の番号）",
    promise: "返事の日",
    until: (day: string) => `${day}まで`,
    read: "返事は、次のページで読めます。受付番号と受付コードを入れてください。もっと書くこともできます。",
    readSpoken: `返事は、次のページで読めます。受付番号と受付コードを入れてください。受付コードは、電話で教えます。まだ聞いていないときは、${contactUs("easy", s)}。`,
    button: "返事を読むページ",
    call: `急いでいるときや、その日までに返事がないときは、${contactUs("easy", s)}。受付番号を言ってください。`,
  },
  guideLink: {
    subject: `【${s.name.easy}】資料です`,
    lead: (title) => `ありがとうございます。資料「${title}」は、次のリンクで読めます。資料は日本語です。`,
    until: (day) => `このリンクは${day}まで使えます。そのあとは、もう一度資料のページでもらってください。`,
  },
  confirmation: {
    subject: `【${s.name.easy}】お知らせのメールの登録`,
    lead: (lists) =>
      `${lists.map((name) => `「${name}」`).join("")}を申し込んでくれて、ありがとうございます。登録は、まだ終わっていません。次のページを開いて、「登録する」ボタンをおしてください。`,
    link: "登録のページ",
    until: (day) => `このリンクは${day}まで使えます。`,
    notYou: "申し込んでいない人は、何もしないでください。お知らせは届きません。",
  },
});

const en = (s: Settings): Mails => ({
  from: s.legalName.en,
  phone: "Telephone",
  hours: "Hours",
  hoursText: `${openingTimes("en", s)}, in Japanese`,
  email: "E-mail",
  colon: ": ",
  invented: siteWords.en(s).invented,
  notForYou: "If this mail means nothing to you, somebody mistyped an address. Please delete it.",
  allowDomain: (domain: string) => `If our next mail does not arrive, allow mail from “${domain}” in your mail filter.`,
  guide: guideMail.en,
  receipt: {
    subject: `[${s.name.en}] We have received it`,
    title: "That is all",
    lead: "Thank you for writing. It has reached us. A coordinator will read it and reply.",
    reference: "Reference number",
    promise: "We reply by",
    until: (day: string) => day,
    read: "With your reference number and the receipt code (shown on the screen after sending) you can also read our reply here, and write more:",
    readSpoken: `With your reference number and a receipt code you can also read our reply here. We tell you the code in person; ${contactUs("en", s)} if you do not have it yet:`,
    button: "Read our reply",
    call: `If it is urgent, or if no reply has come by that day, ${contactUs("en", s)} with your reference number.`,
  },
  guideLink: {
    subject: `[${s.name.en}] Your guide`,
    lead: (title) => `Thank you for asking for “${title}”. You can download it here. The guide itself is in Japanese.`,
    until: (day) => `The link works until ${day}. After that, please ask for the guide again.`,
  },
  confirmation: {
    subject: `[${s.name.en}] Please confirm your subscription`,
    lead: (lists) =>
      `Thank you for asking for: ${lists.join(", ")}. You are not subscribed yet. Open the page below and press “Subscribe”.`,
    link: "Confirm your subscription",
    until: (day) => `The link works until ${day}.`,
    notYou: "If you did not ask for this, do nothing. You will not be subscribed, and nothing will be sent to you.",
  },
});

export const mails = { ja, easy, en };
