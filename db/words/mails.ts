/**
 * What our mails to families say: their frame, and the receipt. Never anything of what was written, and
 * no reference in a subject: subjects show on locked screens, and the reference is half of the way in.
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
});

export const mails = { ja, easy, en };
