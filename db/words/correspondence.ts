/** The page for coming back: reading our replies and writing on, with number and code. */

import type { Settings } from "#db/settings/settings.ts";
import { contactUs, numberAndHours } from "#db/settings/wording.ts";

const ja = (s: Settings) => ({
  title: "お返事を読む・書き足す",
  description: "受付番号と受付コードで、お返事を読み、書き足すことができます。",
  intro: "相談を送ったときの画面に出た、受付番号と受付コードを入れてください。",
  reference: "受付番号",
  referenceHint: "例: K7MQ-4X2P",
  code: "受付コード",
  codeHint: "例: 7KQM-X2P-9AB。大文字、小文字、ハイフンのちがいは気にしなくて大丈夫です。",
  open: "開く",
  lost: `受付コードをなくしたときや、開けないときは、${contactUs("ja", s)}。ご本人であることを確かめてから、新しいコードをお伝えします。`,
  wrong: "受付番号か受付コードがちがうようです。もう一度お確かめください。",
  tooManyTries: `何度もちがう番号やコードが入力されたため、しばらく開けません。1時間ほどおいて、もう一度お試しください。お急ぎのときは、${contactUs("ja", s)}。${numberAndHours("ja", s)}`,
  tooManyWritten: `短い時間にたくさんの送信がありました。1分ほど待って、もう一度送ってください。お急ぎのときは、${contactUs("ja", s)}。${numberAndHours("ja", s)}`,
  expired:
    "時間がたったため、まだ送られていません。もう一度、受付番号と受付コードを入れてください。書いた文章は、この下に残っています。",
  unsent: "まだ送られていない文章",
  unsentHint: "開くと、この文章もいっしょに送ります。送らないときは、消してから開いてください。",
  openAndSend: "開いて、この文章を送る",
  erased: {
    title: "この相談の記録は消されています",
    detail: `ご希望により、書かれた内容をすべて消去しました。ここで読むことも、書き足すこともできません。またお話ししたいときは、いつでも新しくご相談ください。${numberAndHours("ja", s)}`,
  },
  closed:
    "時間がたったか、「閉じる」が押されたため、この画面は閉じました。続きを読んだり書いたりするときは、もう一度開いてください。",
  close: "読み終えたので閉じる",
  pageTitle: "やりとり",
  you: "あなた",
  we: (name: string) => `相談の担当者（${name}）より`,
  due: (day: string) => `${day}までにお返事します。`,
  answered: "いまお待たせしているお返事はありません。",
  added: (day: string) => `受け取りました。${day}までにお返事します。`,
  write: "書き足す",
  writeLabel: "書き足したいこと、聞きたいこと",
  writeHint: "4000文字まで書けます。",
  send: "送る",
  leave:
    "読み終わったら、この画面を閉じてください。家族や職場で同じスマートフォンやパソコンを使う方は、ほかの人に見えないよう、ご注意ください。",
  missing: "書き足したいことを入力してください。ひとことでもかまいません。",
  long: "4000文字までで入力してください。",
  control: "画面に出ない、使えない文字が混ざっています。別のところから写した部分を、打ち直してください。",
  resent: "さきほどの内容は、もう届いています。書き直した内容も送るときは、もう一度ボタンを押してください。",
});

type Words = ReturnType<typeof ja>;

const easy = (s: Settings): Words => ({
  title: "返事を読む・もっと書く",
  description: "返事を読むページです。もっと書くこともできます。",
  intro: "受付番号と受付コードを入れてください。相談を送ったときに、画面に出た番号と文字です。",
  reference: "受付番号",
  referenceHint: "例: K7MQ-4X2P",
  code: "受付コード",
  codeHint: "例: 7KQM-X2P-9AB。小さい文字でもいいです。「-」はなくてもいいです。",
  open: "開く",
  lost: `受付コードがわからないときは、${contactUs("easy", s)}。あなたかどうか、電話で聞きます。そのあと、新しいコードを教えます。`,
  wrong: "番号かコードがちがいます。もう一度見てください。",
  tooManyTries: `何回もまちがえました。1時間待って、もう一度入れてください。急ぐときは、${contactUs("easy", s)}。${numberAndHours("easy", s)}`,
  tooManyWritten: `1分待って、もう一度送ってください。急ぐときは、${contactUs("easy", s)}。${numberAndHours("easy", s)}`,
  expired:
    "時間がたちました。まだ送っていません。もう一度、番号とコードを入れてください。書いたことは、下に残っています。",
  unsent: "まだ送っていないこと",
  unsentHint: "開くと、これもいっしょに送ります。送りたくないときは、消してください。",
  openAndSend: "開いて、これを送る",
  erased: {
    title: "この相談は消しました",
    detail: `あなたが「消してほしい」と言ったので、ぜんぶ消しました。もう読めません。また相談したいときは、いつでも新しく書いてください。${numberAndHours("easy", s)}`,
  },
  closed: "時間がたったので、この画面をとじました。もう一度見るときは、番号とコードを入れてください。",
  close: "読みおわったので、とじる",
  pageTitle: "書いたことと返事",
  you: "あなた",
  we: (name) => `相談の人（${name}）から`,
  due: (day) => `${day}までに返事をします。`,
  answered: "待っている返事はありません。",
  added: (day) => `届きました。${day}までに返事をします。`,
  write: "もっと書く",
  writeLabel: "言いたいこと、聞きたいこと",
  writeHint: "4000文字まで書けます。",
  send: "送る",
  leave: "読んだら、このページを閉じてください。ほかの人に見られないように、気をつけてください。",
  missing: "言いたいことを書いてください。短くてもいいです。",
  long: "文が長いです。4000文字までにしてください。",
  control: "使えない文字があります。もう一度書いてください。",
  resent: "さっき書いたことは、もう届いています。新しく書いたことも送るときは、もう一度ボタンをおしてください。",
});

const en = (s: Settings): Words => ({
  title: "Read our reply or write more",
  description: "With your reference number and receipt code you can read our reply and write more.",
  intro: "Enter the reference number and the receipt code that were shown when you sent your request.",
  reference: "Reference number",
  referenceHint: "Like K7MQ-4X2P",
  code: "Receipt code",
  codeHint: "Like 7KQM-X2P-9AB. Capitals and hyphens do not matter.",
  open: "Open",
  lost: `If you have lost the code or cannot open the page, ${contactUs("en", s)}. Once we have made sure that it is you, we will give you a new code.`,
  wrong: "The reference number or the receipt code is not right. Please check both.",
  tooManyTries: `A wrong number or code was entered several times, so the page stays closed for a while. Please try again in about an hour. If it is urgent, ${contactUs("en", s)}${numberAndHours("en", s)}.`,
  tooManyWritten: `A lot was sent in a short time. Please wait a minute and send it again. If it is urgent, ${contactUs("en", s)}${numberAndHours("en", s)}.`,
  expired:
    "Some time has passed, so it has not been sent yet. Enter the reference number and the receipt code again. What you wrote is still here, below.",
  unsent: "What has not been sent yet",
  unsentHint: "It will be sent when you open the page. If you do not want that, clear it first.",
  openAndSend: "Open the page and send this",
  erased: {
    title: "This record has been erased",
    detail: `As you asked, everything you wrote has been erased. It can no longer be read or added to here. You are welcome to write to us again at any time.`,
  },
  closed:
    "This page was closed, because some time had passed or somebody pressed “Close”. To read or write on, open it again.",
  close: "I have finished: close this page",
  pageTitle: "Our messages",
  you: "You",
  we: (name) => `From our coordinator (${name})`,
  due: (day) => `We will reply by ${day}.`,
  answered: "There is nothing left for us to answer at the moment.",
  added: (day) => `We have received it. We will reply by ${day}.`,
  write: "Write more",
  writeLabel: "What would you like to add or ask?",
  writeHint: "Up to 4,000 characters.",
  send: "Send",
  leave: "When you have finished, close this page, especially on a phone or computer that others use as well.",
  missing: "Enter what you would like to add. One line is enough.",
  long: "Enter no more than 4,000 characters.",
  control: "There are invisible characters in the text. Please retype the part that was pasted in.",
  resent: "What you wrote before has already reached us. To send what you changed as well, press the button again.",
});

export const correspondence = { ja, easy, en };
