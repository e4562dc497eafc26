/** The replaceable sections of the page that explains this site. */

import { defineSections } from "./section.ts";

export const helpSections = defineSections({
  "help-send": {
    where: "サイトの使い方、「相談を送る」の手順",
    kind: "blocks",
    weight: "words",
    texts: {
      ja: [
        "1. [相談フォーム](/consultation)に書きます。まとまっていなくてかまいません。",
        "2. 書いたことを確かめる画面が出ます。直したいところは「変更」を押します。ここまでは、まだ何も送られていません。",
        "3. 「この内容で相談する」を押すと、受付番号、お返事の日、受付コードが画面に出ます。これで受け付けは終わりです。受付コードは、1時間のうちに控えてください。",
      ].join("\n"),
      easy: [
        "1. [相談のページ](/easy/consultation)に書きます。短くてもいいです。",
        "2. 書いたことをもう一度見ます。直したいところは「直す」をおします。ここまでは、まだ送っていません。",
        "3. 「送る」をおします。受付番号、返事の日、受付コードが出ます。これで終わりです。受付コードは、1時間のうちに書いておいてください。",
      ].join("\n"),
      en: [
        "1. Write what is on your mind in [the form](/en/consultation). It need not be in order.",
        "2. The next screen shows what you wrote. To correct something, press “Change”. Up to here nothing has been sent.",
        "3. Press “Send it”. The screen then shows your reference number, the day by which we reply, and your receipt code. That is all. Please write the code down within the hour.",
      ].join("\n"),
    },
  },
  "help-signal": {
    where: "サイトの使い方、「相談を送る」、電波が悪いとき",
    kind: "text",
    weight: "words",
    texts: {
      ja: "電波が悪くて画面が変わらないときは、もう一度押してください。同じ相談が二つになることはありません。受付番号の画面から前に戻ると、「再送信」についての画面が出ることがあります。書いたことを機械に残さないためです。相談はもう届いていますので、そのまま閉じてください。",
      easy: "画面が変わらないときは、もう一度おしてください。同じ相談が2つになることはありません。受付番号の画面から前の画面にもどると、「再送信」ということばが出ることがあります。相談は、もう届いています。その画面を閉じてください。",
      en: "If the signal is weak and the screen does not change, press again. You will not have asked twice. If you go back from the screen with your number, your browser may speak of sending the form again. That is because nothing you wrote is kept on your device. We have your message already: you can simply close that screen.",
    },
  },
  "help-reply": {
    where: "サイトの使い方、「お返事を読む・書き足す」の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "受付番号と受付コードがあれば、[お返事を読む・書き足すページ](/consultation/return)で、お返事を読んだり、書き足したりできます。メールも会員登録もいりません。受付コードは、控えたと確かめていただいたあとは、わたしたちにも分からなくなります。なくしたときは、{{contact_us}}。ご本人であることを確かめてから、新しいコードをお伝えします。",
      easy: "受付番号と受付コードがあれば、[返事を読むページ](/easy/consultation/return)で、返事を読んだり、もっと書いたりできます。メールはいりません。受付コードは、大切なコードです。あなたが書いておいたあとは、わたしたちにもわかりません。なくしたときは、{{contact_us}}。あなたかどうかを聞いて、新しいコードを教えます。",
      en: "With your reference number and receipt code you can read our reply, and write more, on [the page for replies](/en/consultation/return). You need neither e-mail nor an account. Once you have told us that you wrote the code down, not even we can read it. If you lose it, {{contact_us}}: we make sure that it is you and give you a new one.",
    },
  },
  "help-mail": {
    where: "サイトの使い方、「メールが届かないとき」の箇条書き",
    kind: "blocks",
    weight: "words",
    texts: {
      ja: [
        "- 迷惑メールのフォルダーに入っていないか、ご確認ください。",
        "- 携帯電話の迷惑メール設定で、受付の画面に書いてあるドメイン（「@」のうしろ）からのメールを受け取れるようにしてください。",
        "- 受付のメールに書いてあることは、送ったあとの画面にもすべて出ています。メールが届かなくても、ご相談は届いています。",
      ].join("\n"),
      easy: [
        "- 「迷惑メール」のところに入っていることがあります。見てください。",
        "- スマートフォンの「迷惑メール」の設定で、わたしたちのメールを受けとるようにしてください。受付の画面に、「@」のうしろのことばが書いてあります。",
        "- メールに書いてあることは、送ったあとの画面にも書いてあります。メールが届かなくても、相談は届いています。",
      ].join("\n"),
      en: [
        "- Please look into your folder for junk mail.",
        "- Japanese mobile carriers filter mail strictly. In their settings, allow mail from the domain (what follows the “@”) that the screen after sending names.",
        "- Everything in our mail also stands on the screen after sending. Even if no mail arrives, your message has reached us.",
      ].join("\n"),
    },
  },
  "help-guides": {
    where: "サイトの使い方、「資料を受け取る」の文",
    kind: "text",
    weight: "words",
    texts: {
      ja: "[資料のページ](/guides)でメールアドレスを書くと、次の画面ですぐに開けます。PDFという形のファイルです。開けないときは、{{contact_us}}。紙でお送りすることもできます。",
      easy: "[資料のページ](/easy/guides)でメールアドレスを書くと、次の画面で読めます。資料は日本語です。PDFという形です。開けないときは、{{contact_us}}。紙で送ることもできます。",
      en: "Enter your e-mail address on [the page of a guide](/en/guides) and the next screen lets you open it. The guides are in Japanese, as PDF files. If one does not open, {{contact_us}}. We can also send it on paper.",
    },
  },
  "help-read": {
    where: "サイトの使い方、「読みやすくする」の箇条書き",
    kind: "blocks",
    weight: "words",
    texts: {
      ja: [
        "- 日本語のページでは、いちばん上の「ことば」を開いて「ふりがなをつける」を押すと、漢字に読みがなが付きます。",
        "- [やさしい日本語](/easy)のページと、[English](/en)のページがあります。",
        "- スマートフォンやパソコンの設定で文字を大きくすると、このサイトの文字も大きくなります。",
        "- キーボードだけでも、画面を読み上げるソフトでも使えます。[アクセシビリティ](/accessibility)",
      ].join("\n"),
      easy: [
        "- いちばん上の「ことば」をおして、「ふりがなをつける」をおすと、漢字に読みがながつきます。",
        "- [日本語](/)のページと、[English](/en)のページもあります。",
        "- スマートフォンやパソコンの設定で文字を大きくすると、このサイトの文字も大きくなります。",
        "- キーボードだけでも使えます。画面を読むソフトでも使えます。[使いやすさのこと](/easy/accessibility)",
      ].join("\n"),
      en: [
        "- “Language” at the top leads to the same page in Japanese and in easy Japanese. There it can also put readings (furigana) over the characters.",
        "- There are pages in [easy Japanese](/easy) for people who are learning the language.",
        "- Larger letters in the settings of your phone or computer make the letters of this site larger, too.",
        "- You can use the site with a keyboard alone, and with a screen reader. [Accessibility](/en/accessibility)",
      ].join("\n"),
    },
  },
  "help-shared": {
    where: "サイトの使い方、共用のスマートフォンやパソコンを使うとき",
    kind: "text",
    weight: "words",
    texts: {
      ja: "このサイトは、お使いのスマートフォンやパソコンに何も保存しません。ただ、ブラウザーの履歴にページの名前が、開いた資料のファイルが保存先に、残ることがあります。見られたくないときは、「プライベート」や「シークレット」の画面でお使いください。送ったあとは、画面を閉じてください。履歴に残った名前は、ブラウザーの「履歴」の一覧から、このサイトのところだけを選んで消すことができます。",
      easy: "このサイトは、あなたのスマートフォンやパソコンに何も残しません。でも、ブラウザーの「履歴」に、ページの名前が残ることがあります。開いた資料が残ることもあります。ほかの人に見られたくないときは、「プライベート」や「シークレット」の画面を使ってください。送ったあとは、画面を閉じてください。「履歴」から、このサイトの名前だけを消すこともできます。",
      en: "This site stores nothing on your phone or computer. Your browser, however, may keep the names of pages in its history, and a guide that you opened among your downloads. If nobody is to see them, use a “private” or “incognito” window, and close it after sending. You can also open the list of your browser's history and delete only what belongs to this site.",
    },
  },
});
