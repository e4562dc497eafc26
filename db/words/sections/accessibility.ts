/** The replaceable sections of the page on accessibility; it exists in Japanese alone. */

import { sections } from "./section.ts";

export const accessibility = sections({
  "accessibility-lead": {
    where: "アクセシビリティ、はじめの文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "見えにくい方、聞こえにくい方、手を動かしにくい方、疲れている方、日本語を学んでいる方にも使えるサイトを目指しています。",
    },
  },
  "accessibility-goal": {
    where: "アクセシビリティ、「目標」の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "WCAG 2.2 のレベルAA（日本産業規格 JIS X 8341-3:2016 のレベルAAを含む内容）を、一般の方向けのすべてのページで満たすことです。",
    },
  },
  "accessibility-checks": {
    where: "アクセシビリティ、「確かめ方」の箇条書き",
    kind: "blocks",
    weight: "words",
    texts: {
      ja: [
        "- 自動の検査を、すべてのページ、三つのことば、四つの画面の幅で、変更のたびに行っています。文字を2倍にしたときや、色を変える設定にしたときも調べます。",
        "- 相談フォームを、キーボードだけで、また読み上げソフトが受け取る名前の順にたどって、迷わないことを確かめています。",
        "- 自動の検査で分かるのは一部です。病気や障害のある方による確認は、これから行います。",
      ].join("\n"),
    },
  },
  "accessibility-doing": {
    where: "アクセシビリティ、「していること」の箇条書き",
    kind: "blocks",
    weight: "words",
    texts: {
      ja: [
        "- JavaScriptやクッキーを使わない設定でも、すべて使えます。",
        "- 入力に足りないところがあれば、画面のはじめにまとめて示し、その場所へ移れるようにしています。書いたことは消えません。",
        "- 相談を書く時間に制限はありません。お返事のページでは、時間がたつと受付番号と受付コードをもう一度入れていただきますが、書いた文章は残ります。",
        "- 色だけで区別するところはありません。文字と背景の明るさの差を十分にとっています。",
      ].join("\n"),
    },
  },
  "accessibility-missing": {
    where: "アクセシビリティ、「まだできていないこと」の箇条書き",
    kind: "blocks",
    weight: "words",
    texts: {
      ja: [
        "- 資料のPDFは、読み上げの順番や見出しを付けていますが、すべての読み上げソフトでは確かめていません。",
        "- やさしい日本語と英語は、最初のページ、相談、受付、お返事、個人情報のページだけです。",
        "- 手話の動画はありません。電話を使いにくい方は、相談フォームをお使いください。電話リレーサービスでもお話しいただけます。",
      ].join("\n"),
    },
  },
  "accessibility-report": {
    where: "アクセシビリティ、「使いにくいところがあったら」の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "どのページで困ったかを、[相談フォーム](/consultation)からお知らせください。{{within_days}}にお返事し、直せるものから直します。",
    },
  },
});
