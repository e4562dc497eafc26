/**
 * What the keyword report counts, sentence by sentence, as the page 「数え方」 shows it. Each sentence is a test
 * (tests/analytics/keywords/counting.test.ts).
 */

/** Parts of the page, each with its heading and its sentences by name. */
export const countingWords = {
  landings: {
    heading: "着地（サイトに来た人）",
    sentences: {
      visit:
        "広告や、印をつけたリンクからサイトに来た1回の訪問を、1件の着地と数えます。戻る・再読み込み・2つめのタブは、30分のあいだは同じ着地です。",
      clickId: "広告のクリックの番号（gclid など）が同じなら、何度開かれても1件です。",
      prefetch:
        "ブラウザーがページを先読みしただけでは数えません。その人がページの中のリンクを押すか、フォームを送ったときに数えます。",
      crawlers:
        "検索エンジンや広告の点検、メールの安全確認などのプログラムは数えません。SmartNews などのアプリの中で読む人は数えます。",
      form: "「フォームを開いた」は、着地のうち、相談フォームを開いたものの数です。",
    },
  },
  sources: {
    heading: "どこから来たか",
    sentences: {
      ads: "広告と数えるのは、広告のクリックの番号、広告の設定（cid・gid・tid・kw）、または有料の印（utm_medium が cpc など）のあるものです。",
      links:
        "それ以外の印のあるリンク（メールマガジン、SNS、チラシの QR コードなど）は「ほかのリンク」として、どこからかを別の行に示します。広告の費用とは合わせません。",
      campaigns:
        "P-MAX・AI Max・動的検索広告のようにキーワードを伝えない広告と、設定もれの広告は、キャンペーンごとの行に、わけを添えて示します。",
      ambiguous: "どの広告グループのキーワードか決められないときは、推測せず、候補を示した別の行に置きます。",
    },
  },
  consultations: {
    heading: "相談",
    sentences: {
      notCounted: "「相談ではなかった」または「テスト」で終了したものは、相談に数えません。再開すれば、また数えます。",
      doubtful:
        "まだ人が確かめていない「要確認」の相談は、数に入れて「うち要確認」と示し、割合と1件あたりの費用には入れません。",
      people: "1つの着地から相談が2件以上届いたとき、延べは2件、実人数は1人です。",
      day: "相談は、届いた日（日本時間）の期間に数えます。広告を見た日がその前でも同じです。",
      last: "「相談」は、その相談の直前に来た広告（最後の接点）に数えます。",
      first:
        "「最初の接点」は、そのご家族が90日以内に最初に来た広告に数えます。前の相談や資料の申し込みと、メールアドレスか電話番号が同じなら、同じご家族とみなします。",
      older: "広告から90日をすぎて届いた相談は、「以前の広告」の行に数えます。",
      elsewhere: "広告やリンクと結びつかない相談（電話を含みます）は、「広告以外・不明」の行に数えます。",
    },
  },
  costs: {
    heading: "費用",
    sentences: {
      each: "「1件あたり」は、費用を、要確認を除いた相談の数で割ったものです。",
      currencies: "通貨のちがう費用は足しません。",
    },
  },
} as const;
