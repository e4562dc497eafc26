/** The manual of the settings. */

import type { ManualPart } from "./manual-part.ts";

export const settingsManual: Readonly<Record<string, ManualPart>> = {
  settings: {
    title: "設定",
    pages: [
      ...["/staff/settings", "/staff/settings/name", "/staff/settings/place", "/staff/settings/promises"],
      ...["/staff/settings/area"],
      ...["/staff/settings/outline", "/staff/settings/channels", "/staff/settings/colour", "/staff/settings/readings"],
    ],
    roles: ["manager"],
    sentences: [
      "団体の名前、住所、時間、約束などを入れると、サイト、メール、同意の文がすぐに変わります。",
      "「見本のまま」は、架空の団体の内容が、そのまま入っているか、出ているところです。",
      "保存されるのは、あなたが変えた項目だけです。ほかの人が別の項目を変えていても、消えません。",
      "同じ項目をほかの人が先に変えていたときは、だれがいつ変えたかと、両方の内容が出ます。見くらべてから、もう一度保存してください。",
      "「サーバーの設定で決まっています」と出る項目は、ここでは変えられません。",
      "「数字で見る」のページは、「約束」のページで公開します。3か月が終わって2週間たつと数が載り、あとからは変えられません。営業などは、それまでに「相談ではなかった」で終了してください。",
      "設定を見たり変えたりできるのは、管理者だけです。",
    ],
  },
  "settings-first-run": {
    title: "はじめの質問",
    pages: ["/staff/settings/first-run", "/staff/settings/first-run/place", "/staff/settings/first-run/promise"],
    roles: ["manager"],
    sentences: [
      "3ページで、9つの質問に答えます。空のままでも先へ進めて、あとから続きを答えられます。",
      "「保存して見る」を押すと、入れた内容がサイトでどう見えるかが、右（スマートフォンでは下）に出ます。",
      "答えがそろうまで、「きょう」に続きへのリンクが出ます。",
    ],
  },
  "settings-logo": {
    title: "ロゴ",
    pages: ["/staff/settings/logo"],
    roles: ["manager"],
    sentences: [
      "ロゴは、サイトのアイコン、ページの左上、リンクを共有したときの画像に出ます。",
      "選んだファイルは、新しい画像に作り直します。撮った場所などの情報は残りません。",
      "ロゴを替えても、前のロゴは消えません。「これまでの変更」から戻せます。",
    ],
  },
  "settings-sender": {
    title: "送り主",
    pages: ["/staff/settings/sender"],
    roles: ["manager"],
    sentences: [
      "サイトから送るメールの差出人です。空にしても保存できます。",
      "ドメインに足す記録は、ドメインを管理している会社の画面で足してください。足してから見えるまでに、一日ほどかかることがあります。",
      "「いま見えているか確かめる」は、その時に見えた内容を出すだけです。見えなくても、保存や送信は止まりません。",
    ],
  },
  "settings-history": {
    title: "設定の変更とファイル",
    pages: ["/staff/settings/history", "/staff/settings/history/[id]", "/staff/settings/file"],
    roles: ["manager"],
    sentences: [
      "だれが、いつ、何を変えたかが、新しい順に並びます。この記録は、だれにも消せません。",
      "「取り消す」を押すと、いまの内容と、取り消したあとの内容が出ます。一度に変えた項目は、まとめて戻ります。",
      "取り消しも新しい変更として残るので、もう一度取り消せます。",
      "ファイルを読み込むと、ファイルにある項目だけが変わります。一つでも読めない項目があれば、何も変わりません。",
    ],
  },
  restore: {
    title: "バックアップと、もとへの戻しかた",
    pages: ["/staff/settings/backups"],
    roles: ["manager"],
    sentences: [
      "バックアップは、何もしなくても20秒ごとにとれています。とれなくなると、管理者にメールが届きます。",
      "保存先は、はじめは同じサーバーの中です。サーバーごとこわれたときのために、別のディスクか外の保管サービスに移してください。",
      "戻すのは、サーバーを見ている方の仕事です。新しいサーバーに製品を置き、npm run -s cli -- keys enter vault と keys enter backup で紙の鍵を二つ入れてから、npm run -s cli -- restore のあとに保存先のフォルダを書いて打ちます。あとは自動で進みます。",
      "戻したあと、消してあったご家族の記録はもう一度消え、すでに送ったメールは二度送られません。送ったかどうか分からないものだけが、「送信の記録」に残ります。",
      "「もとに戻した記録」に、どの時点に戻したかが出ます。そのあとに書いたことは失われているので、覚えている方と確かめてください。全員、ログインし直します。",
      "まちがえて消したときなど、前の時点に戻すこともできます。そのときも、いまの記録は別の名前で残ります。残った記録からはご家族の記録を消せないので、戻した内容を確かめ終えたら、サーバーを見ている方にフォルダごと消してもらってください。",
      "データベースが別のサービスにあるとき（DATABASE_URL）は、控えは1日に1回です。からのデータベースを用意し、restore のかわりに npm run -s cli -- import と打ちます。失われるのは、長くて1日分です。",
      "年に一度は、npm run -s cli -- backup verify で、戻せることを確かめてもらってください。いまの記録には、さわりません。",
    ],
  },
  "settings-sample": {
    title: "見本を片づける",
    pages: ["/staff/settings/sample"],
    roles: ["manager"],
    sentences: [
      "架空の相談、読者、メール、広告の数字、架空の職員が、一度に消えます。本当のものは残ります。",
      "架空の相談に書いた記録や下書きも、一緒に消えます。元には戻せません。",
      "はじめの9つの質問に答えるまでは、押しても片づきません。",
    ],
  },
  "settings-real": {
    title: "これは本物です",
    pages: ["/staff/settings/real"],
    roles: ["manager"],
    sentences: [
      "足りないものがなくなると、本物にできます。足りないものは、一つずつ、開くところと一緒に出ます。",
      "本物にすると、「見本」の印が消え、検索サイトに載り、メールがご家族にも届くようになります。",
      "本物にしたことは、だれがしたかと一緒に、変更の記録に残ります。",
    ],
  },
};
