/** What a page says after a form was saved, by page and by the code in `?done=`; shown by components/form/saved.ts. */

export const savedNotices = {
  case: {
    state: "状態を変更しました。",
    claimed: "担当になりました。",
    handed_over: "引き継ぎました。",
    reminded: "次にすることを書きとめました。",
    reminder_done: "次にすることを終えました。",
    assigned: "担当を追加しました。",
    unassigned: "担当をはずしました。",
    entry: "記録を書き加えました。",
    promise_ended: "お返事の約束を終えました。",
    closed: "終了しました。",
    reopened: "再開しました。",
    replied: "お返事を送りました。",
    repeated: "この操作は、すでにすんでいます。",
  },
  guide: {
    added: "資料を公開しました。",
    saved: "説明を保存しました。",
    published: "新しい版を公開しました。これまでにお送りしたリンクからも、新しい版が開きます。",
    withdrawn: "公開を終えました。一覧から消え、これまでのリンクも開かなくなりました。",
    returned: "もう一度、公開しました。",
  },
  withdrawnGuide: {
    saved: "説明を保存しました。",
    published: "新しい版を加えました。もう一度公開すると、この版が開きます。",
    withdrawn: "公開を終えました。一覧から消え、これまでのリンクも開かなくなりました。",
  },
  mail: { resent: "もう一度、送信待ちにしました。" },
  newsletter: {
    created: "下書きを保存しました。",
    saved: "保存しました。",
    tested: "自分のメールアドレスに試し送りをしました。1分ほどで届きます。",
    sent: "送信をはじめました。この画面を読み込み直すと、進みぐあいが見られます。",
    resent: "届いたか不明のメールを、もう一度送信待ちにしました。",
  },
  people: {
    invited: "招待のメールを送りました。",
    revoked: "招待を取り消しました。届いたメールのリンクは、もう使えません。",
    absence: "不在の日を登録しました。",
    absence_cancelled: "不在の日を取り消しました。",
    disabled: "この職員は、もうログインできません。",
  },
  me: {
    notices: "お知らせの選び方を保存しました。",
    absence: "不在の日を登録しました。",
    absence_cancelled: "不在の日を取り消しました。",
  },
  preferences: { saved: "保存しました。次の号から、選んだとおりにお届けします。" },
} satisfies Record<string, Record<string, string>>;
