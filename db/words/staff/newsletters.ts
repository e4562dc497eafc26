/** Longer sentences of the staff pages about newsletters. */

/** Why a verb is refused. */
const refused = {
  sent: "このメールマガジンは、もう送信されています。",
  scheduled: "この号は、送信の予約中です。書き直すには、先に「止めて下書きにもどす」を押してください。",
  changed: "確認のあとに本文が変わりました。もう一度読んでから送ってください。",
  mistakes: (count: number) =>
    `送る前に直すところが ${count} か所あるので、まだ送っていません。下の「送る前の確認」の「直してください」から、直すところを開けます。`,
  nobody: "登録を確認した読者がまだいないので、送れません。",
  past: "送る日時は、これからの日時にしてください。すぐに送るときは「いますぐ」を選びます。",
  tooFar: (days: number) => `予約できるのは、${days}日先までです。`,
  at: "送る日と時刻を入力してください。",
  when: "いつ送るかを選んでください。",
  nowWithTime: "「いますぐ」なのに、日時が入っています。「日時を選ぶ」にするか、日時を消してください。",
  notScheduled: "この号は、いまは予約されていません。ほかの人が先に止めたのかもしれません。",
  begun: "もう送り始めています。この画面の「一時停止する」か「取りやめる」で止められます。",
  notSending: "この号は、いま送っているところではありません。",
  notPaused: "この号は、いま一時停止していません。",
  cancelled: "途中で取りやめた号なので、送り直すことはできません。",
  nothingUncertain: "届いたか不明のメールで、まだ決めていないものはありません。",
  otherCount:
    "この画面を開いたあとで、届いたか不明のメールの数が変わりました。まだ何もしていません。もう一度見てから押してください。",
  otherRefused:
    "この画面を開いたあとで、断られたメールの数が変わりました。まだ何もしていません。もう一度見てから押してください。",
  choose: "どのメールのことかを選び直してください。",
  notSent: "まだ送っていない号です。サイトにのせられるのは、送った号だけです。",
  onWeb: "この号は、もうサイトに出ています。",
  notOnWeb: "この号は、いまサイトに出ていません。",
  correctedMeanwhile:
    "この画面を開いたあとで、ほかの人が訂正していました。下に、いまサイトに出ている文章があります。見比べてから、もう一度保存してください。",
};

export const staffNewsletterWords = {
  refused,
  body: "Markdown で書けます。見出しは「## 」、箇条書きは「- 」、リンクは [言葉](https://…)、太字は **言葉** です。団体名・住所・配信停止のリンクは、いちばん下に自動で入ります。",
  lastLook: (list: string) =>
    `送信先は、送り始めるときに「${list}」の登録を確認している読者だけです。相談をした家族が自動で入ることはありません。`,
  answersGoTo: (address: string) => `読者がこのメールに返信すると、${address} に届きます。`,
  /** The choices before sending. */
  now: (minutes: number) => `${minutes} 分後に送り始めます。それまでは、止めて下書きにもどせます。`,
  later: (days: number) => `日本の時刻で、${days}日先まで選べます。その時刻までは、止めて下書きにもどせます。`,
  web: "だれでも、検索からでも読めるようになります。1通目が送られたあとに出ます。あとから取り下げたり、訂正したりできます。",
  webPrivate: "このお知らせは、サイトから申し込めないお知らせです。のせると、読者のほかの人も読めるようになります。",
  /** The states of an issue that is on its way. */
  scheduled: "まだ1通も送っていません。この時刻になると自動で送り始めます。それまでは、止めて書き直せます。",
  soon: "まだ1通も送っていません。始まるまでは、止めて書き直せます。",
  /** Of the choices that somebody made before they stopped an issue. */
  earlier: "前に予約したときに選んだものを、はじめから選んであります。",
  missed: (at: string) =>
    `${at} に送る予定でした。そのとき送信のプログラムが動いていなかったか、あとでバックアップから戻したため、まだ送り始めていません。もう届いている人がいないかを確かめて、どうするかを選んでください。`,
  missedKnown: (count: number) => `${count} 人には、すでに届いた記録があります。その人には、もう送りません。`,
  couldNotStart: (at: string) =>
    `${at} に送り始める予定でしたが、登録を確認した読者がいなかったため、送らずに下書きにもどしました。文章はそのままです。`,
  paused: "新しいメールは送っていません。止めたときに送っている途中だったものだけは、最後まで送られます。",
  left: (waiting: number, inHand: number) =>
    `残りは ${waiting + inHand} 通です（送信待ち ${waiting} 通、送信中 ${inHand} 通）。`,
  inHand: (count: number) => `送信中の ${count} 通のうち、もうメールサーバーに渡しはじめたものは、止めても届きます。`,
  cancelHint:
    "まだ送っていない分を、送らずに終わりにします。もとにはもどせません。送ったものは取り消せません。あとで「写しを作る」で新しい号にして送ると、もう届いている人も入れて、読者全員に届きます。",
  cancelled: (sent: number, audience: number, uncertain: number, refused: number) => {
    const others = [
      ...(uncertain > 0 ? [`届いたか不明のメールが ${uncertain} 件`] : []),
      ...(refused > 0 ? [`届かなかったメールが ${refused} 件`] : []),
    ];
    const also = others.length > 0 ? `ほかに、${others.join("、")}あります。` : "";
    return `${audience} 人のうち ${sent} 人に送ったところで、取りやめました。${also}残りの人には送っていません。`;
  },
  resendRefused: (count: number) => `届かなかった ${count} 件を、まとめてもう一度送る`,
  resendRefusedHint:
    "1日に送れる数の上限や、送信元の設定が理由で断られたときは、その理由がなくなってから押してください。アドレスがまちがっている分は、また断られます。",
  cancelling: (sent: number, audience: number, inHand: number) =>
    `取りやめました。${audience} 人のうち ${sent} 人に送り、送信中の ${inHand} 通のほかは送りません。`,
  /** Beside the button that copies an issue that was cancelled. */
  copyOfCancelled: "写しは新しい号です。送ると、もう届いている人も入れて、読者全員に届きます。",
  undecided: (count: number) => `届いたか不明のメールが ${count} 件あります。`,
  othersEnded: (count: number) => `ほかの ${count} 通は、もう終わっています`,
  decidingEnds: "どうするかを決めると、この号の送信が終わります。",
  decidable: "残りを送っているあいだでも、どうするかを決められます。",
  noRate: "この30秒のあいだに送れたメールはありません。メールサーバーにつながらないときは、自動でくり返します。",
  /** Beside the time of the numbers, where script runs; `rests`: nobody has pressed anything for a quarter of an hour. */
  refreshes: "5 秒ごとに新しくなります。",
  rests: "15 分のあいだ何も押されていないので、いまは休んでいます。画面のどこかを押すと、また新しくなります。",
  uncertain:
    "文章を渡したあとで通信が切れたなどの理由で、届いたかどうかが分からないメールです。もう一度送ると、同じ人に 2 通届くことがあります。このままにすると、届いていない人がいるかもしれません。",
  uncertainAdvice:
    "迷ったときは「このままにする」を選ぶのがふつうです。届いていないと困るお知らせのときだけ、もう一度送ります。",
  /** While somebody is at a button of the page. */
  stateChanged: "この号の状態が変わりました。",
  seeState: "いまの状態を見る",
  /** The web copy. */
  webState: {
    none: "この号は、サイトにのせていません。",
    waits: "1通目が送られると、サイトに出ます。",
    shown: "この号は、サイトに出ています。",
    withdrawn: "この号は、サイトから取り下げました。",
  },
  withdrawn: "この号のアドレスを開いた人には、公開を終えたことをお伝えしています。",
  correction:
    "ここで直すのは、サイトに出ている文章だけです。送ったメールは変わりません。訂正した日が、文章の上に出ます。",
  webChecks: "サイトの文章の確認",
  webChecksHint: "いま保存してある、サイトの文章を見ています。直して保存すると、もう一度確かめます。",
  draftOfToday: (when: string) => `さきほど書きはじめた下書きがあります（${when} に保存）。`,
  presses: (address: string) =>
    `どのボタンも、はじめに、いま書いた内容を保存します。試し送りは、あなたのアドレス（${address}）だけに届きます。`,
  asMailed: "送ったメールと同じ文章にもどすと、訂正の日は消えます。",
};
