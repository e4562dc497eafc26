/** Longer sentences of the staff pages about newsletters. */

export const staffNewsletterWords = {
  body: "Markdown で書けます。見出しは「## 」、箇条書きは「- 」、リンクは [言葉](https://…)、太字は **言葉** です。団体名・住所・配信停止のリンクは、いちばん下に自動で入ります。",
  uncertain: (count: number) =>
    `届いたか不明のメールが ${count} 件あります。文章を渡したあとで通信が切れたため、届いているかもしれません。送り直すと、同じ人に 2 通届くことがあります。`,
  lastLook: (list: string) =>
    `送信をはじめると、取り消しや書き直しはできません。送信先は、「${list}」の登録を確認した読者だけです。相談をした家族が自動で入ることはありません。`,
};
