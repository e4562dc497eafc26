/** The words of the managers' page about backups. Moments are given as they are shown. */

/** How long ago something was, of minutes: "3分前"; under a minute "いま". */
function ago(minutes: number): string {
  if (minutes < 1) return "いま";
  if (minutes < 60) return `${Math.floor(minutes)}分前`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}時間前` : `${Math.floor(minutes / 1440)}日前`;
}

export const backupWords = {
  title: "バックアップ",
  lead: "サーバーがこわれたときに、記録をもとに戻すための控えです。自動でとり、鍵をかけてしまいます。",
  state: { good: "とれています", first: "最初の1回をとっています", late: "とれていません", none: "切ってあります" },
  upTo: (at: string, minutes: number) => `${at} までの分（${ago(minutes)}）`,
  never: "まだありません。始めてから数分で、最初の1回がとれます。",
  lateAdvice:
    "サーバーを見ている方に、お知らせください。保存先のディスクがいっぱいになっていないか、つながっているかを、まず確かめます。くわしい理由は、サーバーで npm run -s cli -- doctor と打つと出ます。",
  notTaken:
    "全体のバックアップをとって古いものを消す仕事が、1日以上うまくいっていません。書いたことの続きだけが控えてあるあいだも、このままにしないでください。",
  noneAdvice:
    "変数 BACKUP_DAYS が 0 なので、バックアップはとっていません。ほかの方法で控えていることを、確かめてください。",
  besideAdvice:
    "いまは、記録そのものと同じディスクにあります。ディスクがこわれると、いっしょに失われます。サーバーの変数 BACKUP_DIR（別のディスク）か BACKUP_S3_…（外の保管サービス）で、別の場所に移してください。",
  exportAdvice:
    "データベースが別のサービスにあるので（DATABASE_URL）、1日に1回、書き出しの形でとっています。そのサービスのバックアップも、あわせて使ってください。",
  kept: (count: number, megabytes: string) => `${count}回分（${megabytes} MB）`,
  days: (days: number) => `${days}日。それより古いものは、自動で消します。`,
  keys: "開くには「バックアップの鍵」が、相談のことばを読むには、さらに「金庫の鍵」が要ります。どちらもバックアップには入っていません。紙に控えて、別々の場所にしまってください。",
  restored: {
    title: "もとに戻した記録",
    none: "これまでに、戻したことはありません。",
    to: (at: string) => `${at} の時点に戻しました。`,
    lost: (from: string, until: string) =>
      `${from} から、こわれたときまで（長くて ${until} まで）に書いたことは、失われています。そのあいだに電話や相談があったかどうか、覚えている方に確かめてください。`,
    nothingKnown: (from: string, until: string) =>
      `失われた記録は、見つかっていません。ただし、${from} から、こわれたときまで（長くて ${until} まで）に書いたことがあれば、それは戻っていません。心当たりのある方に確かめてください。`,
    gap: (object: string) =>
      `控えの一部（${object}）が、なくなっているか、こわれています。そこから先に書いたことは、戻せませんでした。控えの写しがほかにあれば、サーバーを見ている方が、そのファイルを入れなおして、もう一度戻せます。`,
    chosen: (at: string) => `選んだ時点: ${at}`,
    erased: (count: number) =>
      `消した記録と、メルマガをやめた方あわせて${count}件は、戻したあとで、もう一度そのとおりにしました。`,
    accepted: (count: number) =>
      `送信待ちに戻っていた${count}通は、すでに送ってあったので、「送信ずみ」にしました。もう送りません。`,
    lostMails: (count: number) => `このほかに${count}通が、送ってあります。その元の相談や申し込みは、失われています。`,
    skipped: (count: number) =>
      `そのあとに送ったメルマガ${count}通は、同じ号をもう一度送っても、同じ方には届きません。`,
    uncertain: (count: number) =>
      `${count}通は、送ったかどうか分かりません。「送信の記録」で「届いたか不明」を見て、一通ずつ決めてください。`,
  },
} as const;
