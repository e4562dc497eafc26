/** What is said of a request that could not be answered as asked. `detail`: what to do, where nothing more exact is known. */

const ja = {
  description: "お手続きについてのご案内です。",
  check: "入力内容をご確認ください",
  notNow: "いまはできません",
  gone: "このリンクはもう使えません",
  notReceived: "送信を受け取れませんでした",
  wait: "少し時間をおいてください",
  broken: "うまく動いていません",
  forbidden: {
    title: "この操作はできません",
    detail:
      "ほかのサイトから送られた操作は受け付けていません。お手数ですが、このサイトのページを開き直して、もう一度お試しください。",
  },
  tooLong: {
    title: "長すぎて受け取れませんでした",
    detail:
      "文章が長すぎて、お預かりできませんでした。前の画面に戻り、4000文字までに短くして送ってください。続きは、お返事のときにうかがいます。",
  },
  apology: "こちらの不具合です。ご迷惑をおかけします。少し時間をおいて、もう一度お試しください。",
};

type Problems = typeof ja;

const easy: Problems = {
  description: "できなかったことの説明です。",
  check: "書いたことを、もう一度見てください",
  notNow: "いまは、できません",
  gone: "このリンクは、もう使えません",
  notReceived: "送ったものを、受けとれませんでした",
  wait: "少し待ってください",
  broken: "いま、うまく動いていません",
  forbidden: {
    title: "これは、できません",
    detail: "ほかのサイトから送られたようです。このサイトのページをもう一度開いて、やってみてください。",
  },
  tooLong: {
    title: "文が長くて、受けとれませんでした",
    detail:
      "前の画面にもどって、4000文字までに短くして、もう一度送ってください。つづきは、返事のときに聞かせてください。",
  },
  apology: "ごめんなさい。いま、うまく動いていません。少し待って、もう一度やってみてください。",
};

const en: Problems = {
  description: "About a request that could not be answered.",
  check: "Please check what you entered",
  notNow: "This is not possible now",
  gone: "This link can no longer be used",
  notReceived: "What was sent could not be received",
  wait: "Please wait a little",
  broken: "Something is not working",
  forbidden: {
    title: "This is not possible",
    detail: "It seems to have been sent from another site. Please open the page of this site again and try once more.",
  },
  tooLong: {
    title: "It was too long to be received",
    detail:
      "Please go back, shorten the text to 4,000 characters and send it again. You can tell us the rest when we reply.",
  },
  apology: "Something has gone wrong on our side, and we are sorry. Please try again in a little while.",
};

export const problems = { ja, easy, en };
