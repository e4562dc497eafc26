/** Sentences about taking in a call or a visitor. */

export const phoneIntakeWords = {
  /** The entry that keeps the promise of an answer which was given in the same conversation. */
  spokenNow: { phone: "この電話で話して、済みました。", visit: "来られたその場で話して、済みました。" },
  /** What the reminder says whose call was stored without consent. */
  askForConsent: "次に話すときに、同意をうかがう。",
  /** Reminders of an answer that was promised in a call about a case that is open already. */
  answerAgain: {
    call_back: "ご家族に電話をかけ直す（電話で約束）。",
    email: "ご家族にメールでお返事する（電話で約束）。",
  },
  /** Lines below the words of such a call, of what else was typed. */
  alsoTyped: {
    phone: (number: string) => `電話番号: ${number}`,
    address: (address: string) => `メールアドレス: ${address}`,
    wish: (words: string) => `電話のお願い: ${words}`,
    heard: (words: string) => `どこで知ったか: ${words}`,
  },
  /** What was typed as a number cannot be one: it is kept as it was typed, and nothing is looked up by it. */
  oddNumber:
    "この番号は、電話番号の形になっていません。書いたとおりに残りますが、前の相談はさがせません。聞き直せたら直してください。",
  noNumber: "番号を入れて「前の相談をさがす」を押すと、同じ番号の相談がここに出ます。書いたことは下書きに残ります。",
  noneFound: "この番号の相談は、ほかにありません。",
  answerHint: (day: string) =>
    `電話かメールなら、${day}までにお返事する約束になります。「いま話して済んだ」は、この電話で約束を果たしたと記録します。`,
  messageMissing: "どんなことかを入力してください。",
  messageLong: "10000 文字までで入力してください。",
  answerMissing: "お返事のしかたを選んでください。",
  phoneForCallBack: "電話をかけ直すには、番号が要ります。番号がわからないときは、ほかのしかたを選んでください。",
  addressForEmail: "メールでお返事するには、メールアドレスが要ります。",
  consentMissing: "同意をもらったか、まだ聞いていないかを選んでください。",
  channelWrong: "電話か来所かを選んでください。",
  closed:
    "この相談は終了しています。再開してから記録するか、新しい相談として受けてください。書いた文章は残っています。",
};
