/** The replaceable sections of the page on accessibility. */

import { defineSections } from "./section.ts";

export const accessibilitySections = defineSections({
  "accessibility-lead": {
    where: "アクセシビリティ、はじめの文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "見えにくい方、聞こえにくい方、手を動かしにくい方、疲れている方、日本語を学んでいる方にも使えるサイトを目指しています。",
      easy: "見えにくい人、聞こえにくい人、手を動かしにくい人、疲れている人、日本語を勉強している人も使えるサイトにしたいです。",
      en: "We want this site to work for people who see or hear little, who cannot easily move their hands, who are tired, and who are learning Japanese.",
    },
  },
  "accessibility-goal": {
    where: "アクセシビリティ、「目標」の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "WCAG 2.2 のレベルAA（日本産業規格 JIS X 8341-3:2016 のレベルAAを含む内容）を、一般の方向けのすべてのページで満たすことです。",
      easy: "だれでも使えるようにするための決まりがあります。「WCAG 2.2 のレベルAA」と「JIS X 8341-3:2016 のレベルAA」です。みんなが見るページの全部で、この決まりを守りたいです。",
      en: "Every public page shall meet WCAG 2.2 at level AA, which includes level AA of the Japanese standard JIS X 8341-3:2016.",
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
      easy: [
        "- ページを変えるときは、いつも、コンピューターで全部のページを調べます。3つのことばと、4つの画面の大きさで調べます。文字を2倍にしたときと、色を変えたときも調べます。",
        "- 相談のページは、キーボードだけで使えるか、画面を読むソフトで使えるかも調べています。",
        "- コンピューターでわかるのは、少しだけです。病気や障害のある人に使ってもらって調べるのは、これからです。",
      ].join("\n"),
      en: [
        "- Programs check every page, in three languages and four widths of screen, whenever anything changes, also with letters of twice the size and in the colours of the system.",
        "- We go through the form for asking us with the keyboard alone, and in the order and with the names that a screen reader receives, to make sure that nobody gets lost.",
        "- Programs find only part of what can be wrong. Checks by people with illness or disability are still to come.",
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
      easy: [
        "- JavaScriptやクッキーがなくても、全部使えます。",
        "- 書き方がちがうところがあると、画面のはじめに出ます。おすと、その場所に行けます。書いたことは消えません。",
        "- 相談を書く時間は、決まっていません。返事のページでは、時間がたつと、受付番号と受付コードをもう一度聞きます。書いたことは残ります。",
        "- 色だけで伝えることはしません。文字と背景の明るさを変えて、読みやすくしています。",
      ].join("\n"),
      en: [
        "- Everything works without JavaScript and without cookies.",
        "- When something in a form needs another look, the top of the page says so and leads to the place. What you wrote does not get lost.",
        "- There is no time limit for writing to us. The page for replies asks for your number and code again after a while, but what you wrote stays.",
        "- Nothing is told by colour alone, and text stands out clearly from its background.",
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
        "- 資料のPDF、メールマガジンの号、調査の結果、サポートブックは、日本語だけです。",
        "- 手話の動画はありません。電話を使いにくい方は、相談フォームをお使いください。電話リレーサービスでもお話しいただけます。",
      ].join("\n"),
      easy: [
        "- 資料のPDFは、読む順番と見出しがついています。でも、全部のソフトで調べていません。",
        "- 資料のPDF、お知らせのメール、調査の結果、サポートブックは、日本語だけです。",
        "- 手話の動画はありません。電話が難しい人は、[相談のページ](/easy/consultation)に書いてください。電話リレーサービスでも話せます。",
      ].join("\n"),
      en: [
        "- The PDF guides have a reading order and headings, but we have not tried them with every screen reader.",
        "- The guides themselves (PDF), the issues of the newsletter, the results of surveys and the support book are in Japanese alone.",
        "- There is no video in sign language. If the telephone is difficult for you, please use [the form](/en/consultation); you can also reach us in Japanese through Japan's telephone relay service.",
      ].join("\n"),
    },
  },
  "accessibility-report": {
    where: "アクセシビリティ、「使いにくいところがあったら」の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "どのページで困ったかを、[相談フォーム](/consultation)からお知らせください。{{within_days}}にお返事し、直せるものから直します。",
      easy: "どのページで困ったかを、[相談のページ](/easy/consultation)に書いてください。{{reply_days}}日のうちに返事をします（休みの日は数えません）。直せるところから直します。",
      en: "Please tell us through [the form](/en/consultation) which page gave you trouble. We answer within {{reply_days}} working days and begin with what we can mend.",
    },
  },
});
