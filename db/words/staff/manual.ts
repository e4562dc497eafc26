/**
 * The manual of the staff area: for each screen a few short sentences, shown behind its 「?」 and, all together, on
 * /staff/manual. Every sentence is a promise about the code; whoever changes a rule changes its sentence here.
 */

import { organisation } from "#db/terms/organisation.ts";
import type { Role } from "#db/terms/staff.ts";

export interface ManualPart {
  title: string;
  /** Pages that it explains, as Astro's route patterns. A page that no part names is explained by the page above it. */
  pages: readonly string[];
  /** Whose screen it is; absent where nobody is signed in, or where it is everybody's. */
  roles?: readonly Role[];
  sentences: readonly string[];
}

const steering: readonly Role[] = ["manager", "coordinator"];
const onCases: readonly Role[] = ["manager", "coordinator", "peer"];

/** By anchor, in the order of the whole manual. */
export const manual: Readonly<Record<string, ManualPart>> = {
  today: {
    title: "きょう",
    pages: ["/staff"],
    roles: steering,
    sentences: [
      "いま見る必要のある相談だけが並びます。一つの相談は、あてはまる最初の分類に一度だけ出ます。",
      "分類は、期限切れ、今日まで、ご家族から、担当なし、届かない、次の連絡日、確認が必要、あす以降のお返事の順です。上から進めてください。",
      "「自分」には、担当や手伝いの相談と、あなたの「次にすること」のほかに、担当なしと確認が必要な相談も出ます。",
      "「自分」と「みんな」のどちらを選んだかは、次に開いたときも続きます。",
      "青い点は、あなたがまだ読んでいない言葉がある印です。",
      "お名前を押すと、お返事を待っている言葉のところから開きます。",
      "各分類に出るのは20件までです。残りは「ほかに○件」を押すと出ます。",
    ],
  },
  peer: {
    title: "あなたに任された相談",
    pages: ["/staff"],
    roles: ["peer"],
    sentences: [
      "あなたに任された相談だけが、新しい順に並びます。",
      "青い点は、あなたがまだ読んでいない言葉がある印です。",
      "任された相談がないときは、何も出ません。任されると、ここに並びます。",
      "ほかの相談を見る必要があるときは、相談コーディネーターに声をかけてください。",
    ],
  },
  cases: {
    title: "すべての相談",
    pages: ["/staff/cases"],
    roles: steering,
    sentences: [
      "終了したものも含めて、新しい順に50件ずつ並びます。「未対応」だけは、長くお待たせしている順です。",
      "担当、内容、どなたから、届いた時期でしぼれます。「要確認だけ」は、迷惑送信かもしれないものです。",
      "しぼった条件は、相談を開いて何度記録しても、「相談の一覧に戻る」で元に戻ります。",
      "条件をやめるときは「条件をはずす」を押してください。",
      "消去した相談は出ません。",
    ],
  },
  case: {
    title: "相談",
    pages: ["/staff/cases/[id]"],
    roles: steering,
    sentences: [
      "上の帯に、だれの番か、連絡先、担当がいつも出ています。",
      "「こちらの番」は、お返事の約束が残っている印です。「ご家族の番」は、ご家族からの連絡を待っている印です。",
      "帯の青いボタンは、いまあなたがするとよいことです。青いボタンがない相談は、あなたの番ではありません。",
      "ほかの人が担当の相談で期限が過ぎているときは、「引き受けて返事を書く」で担当を引き継げます。前の担当の人には、お知らせが届きます。",
      "「必ず読む」は、この相談を開く人がみな知っておくことです（例: 父には連絡しない）。書いた内容は、ピアサポーターにも出ます。",
      "アドレスや電話番号がちがうときは、「連絡先を直す」で直せます。",
      "開くと、あなたが読んだことになります。だれがいつ開いたかは、記録に残ります。",
      "お返事がいらなくなったときは、「お返事をしないで、約束を終える」で理由を選んでください。",
    ],
  },
  intake: {
    title: "電話・来所を受ける",
    pages: ["/staff/cases/new"],
    roles: steering,
    sentences: [
      "話しながら書けます。番号もお名前も、聞けたときだけで大丈夫です。",
      "「前の相談をさがす」を押すと、同じ番号の相談が横に出ます。書いた内容は下書きに残ります。",
      "前の相談の続きだったときは、「この相談の電話として残す」で、その相談の記録になります。新しい相談はできません。",
      "「電話をかけ直す」と「メール」は、お返事の約束になります。「いま話して済んだ」は、この電話で約束を果たしたと記録します。",
      "同意は、画面の文を読み上げてたずねます。だれがいつ聞いたかは、自動で残ります。",
      "「まだ聞いていない」を選ぶと、次の連絡でたずねるように「次にすること」に残ります。30日たつと「確認が必要」に出ます。",
      "「相談として受ける」を押すと、担当はあなたになります。",
    ],
  },
  contact: {
    title: "連絡先を直す",
    pages: ["/staff/cases/[id]/contact"],
    roles: steering,
    sentences: [
      "アドレス、電話番号、お名前、お返事のしかたを直せます。前の連絡先は、この画面にだけ残ります。",
      "「直して送り直す」を押すと、届かなかったお知らせのうち、いちばん新しいものを一度だけ送り直します。",
      "お返事の約束が果たされるのは、新しいアドレスの相手のサーバーが受け取ったときです。",
      "だれがいつ何を直したかは、相談の記録に出ます。",
    ],
  },
  brief: {
    title: "ピアへの申し送り",
    pages: ["/staff/cases/[id]/brief"],
    roles: steering,
    sentences: [
      "手伝うピアサポーターが、訪ねる前に読む文章です。相談の文章や連絡先は、ピアサポーターには出ません。",
      "記録は、「ピアにも見せる」を付けたものだけが、ピアサポーターに出ます。",
      "空にして保存すると、申し送りは取り下げられます。",
    ],
  },
  writing: {
    title: "お返事・記録・メモ",
    pages: ["/staff/cases/[id]"],
    roles: steering,
    sentences: [
      "お返事は、ご家族が受付番号と受付コードで読みます。メールでのお返事を希望した方には、お返事があることだけをメールで知らせます。",
      "お返事の約束が果たされるのは、知らせのメールを送れたとき、ご家族がお返事を開いたとき、こちらから連絡して「話せた」と記録したときです。",
      "知らせのメールが届かなかったときは、約束がもう一度開き、「きょう」に出ます。",
      "「留守」と「伝言」では、約束は続きます。「留守」は、文章が空でも記録できます。",
      "メモは職員だけが読みます。約束は果たされません。",
      "書いているあいだにほかの人がお返事したり終了したりしたときは、送る前に、だれが何をしたかが出ます。書いた文章は残ります。",
      "「次にすること」に日を入れると、その日に「きょう」に出ます。ご家族から書き足しが届くと、取り下げられます。",
    ],
  },
  "peer-case": {
    title: "相談",
    pages: ["/staff/cases/[id]"],
    roles: ["peer"],
    sentences: [
      "あなたに任された相談だけを開けます。だれがいつ開いたかは、記録に残ります。",
      "出るのは、「必ず読む」、申し送り、あなたに見せることにした記録と、あなたの記録です。",
      "電話や訪問の記録と、メモを書けます。お返事を送るのは、相談コーディネーターです。",
      "「留守」は、文章が空でも記録できます。",
      "「次にすること」に日を入れると、相談の画面に残り、その日に相談コーディネーターの「きょう」にも出ます。終えたら「済んだ」を押してください。",
    ],
  },
  "hand-over": {
    title: "引き継ぐ",
    pages: ["/staff/cases/[id]/hand-over"],
    roles: steering,
    sentences: [
      "引き継ぐと、選んだ人が担当になり、いまの担当は外れます。",
      "「伝えること」は、相談の記録に残ります。",
      "引き継いだ人には、内容を書かないメールでお知らせします。その人がお知らせを止めているときは、送られません。",
      "お返事の約束は残ります。担当の人がする「次にすること」も、いっしょに移ります。",
      "急なお休みのときは、ほかの人が担当の相談も引き継げます。終了した相談は、先に再開してください。",
    ],
  },
  state: {
    title: "状態を変える",
    pages: ["/staff/cases/[id]/state"],
    roles: steering,
    sentences: [
      "「未対応」「対応中」「ご家族待ち」のどれかにします。終了と再開は、別のボタンです。",
      "お返事の約束が残っているのに「ご家族待ち」にするときは、理由を選びます。その約束は、そこで終わります。",
      "「ご家族待ち」の相談は、ご家族が書き足すと、自動で「対応中」に戻ります。",
      "開いているあいだにほかの人が変えていたときは、変更は保存されません。見直してから、もう一度選んでください。",
    ],
  },
  close: {
    title: "終了する",
    pages: ["/staff/cases/[id]/close"],
    roles: steering,
    sentences: [
      "お返事の約束が残っているときは、お返事しない理由を選ばないと終了できません。",
      "終了しても、「再開する」でいつでも開けます。ご家族が書き足したときは、自動で開きます。",
      "残っている「次にすること」は、終了したあとも、その日に「きょう」に出ます。",
      `記録は、終了から${organisation.keepYears}年で消去されます。`,
    ],
  },
  search: {
    title: "さがす",
    pages: ["/staff/search"],
    roles: steering,
    sentences: [
      "受付番号、電話番号、メールアドレスのどれかを、すべて入れてください。",
      "受付番号を入れると、その相談がすぐに開きます。ハイフンはなくてもかまいません。",
      "お名前や文章の言葉では、まださがせません。",
      "消去した相談は出ません。",
    ],
  },
  "peer-search": {
    title: "さがす",
    pages: ["/staff/search"],
    roles: ["peer"],
    sentences: [
      "受付番号をすべて入れてください。ハイフンはなくてもかまいません。",
      "あなたに任された相談だけをさがします。見つかると、その相談がすぐに開きます。",
      "電話番号、メールアドレス、お名前ではさがせません。",
    ],
  },
  drafts: {
    title: "下書き",
    pages: ["/staff/drafts"],
    sentences: [
      "書きかけて送っていない文章は、数秒ごとに自動で残ります。送れなかった文章も残ります。",
      "自動で残すには、ブラウザーの JavaScript が必要です。使えないときは、送れなかった文章だけが残ります。",
      "同じ画面をもう一度開くと、文章が元の場所に入っています。ここから開くこともできます。",
      `送り終えると、下書きは消えます。送らないままの下書きは、${organisation.keepDraftDays}日で消えます。`,
      "下書きを読めるのは、書いたあなただけです。ファイルは残りません。",
    ],
  },
  me: {
    title: "自分の設定",
    pages: ["/staff/me"],
    roles: onCases,
    sentences: [
      "メールで受け取るお知らせを選べます。このお知らせは、30分に1通までにまとめます。",
      "お知らせのメールに、相談の内容は書かれません。",
      "新しい相談が届いたときのお知らせは、団体のあて先に届きます。ここでは変わりません。",
    ],
  },
  absence: {
    title: "不在の日",
    pages: ["/staff/me"],
    roles: onCases,
    sentences: [
      "不在の日を入れると、そのあいだ、担当の相談に「不在」と出ます。担当は変わりません。",
      "あなたの「次にすること」とお知らせは、代わりの人に届きます。",
      "代わりの人もその日に不在のときや、利用を停止したときは、あなたに届きます。",
      "代わりになれるのは、管理者と相談コーディネーターです。入れた日は、いつでも取り消せます。",
    ],
  },
  mail: {
    title: "送信メール",
    pages: ["/staff/mail"],
    roles: ["manager", "coordinator", "fundraiser"],
    sentences: [
      "このサイトから送ったメールと、そのゆくえが、新しい順に50件ずつ並びます。見られるのは、役割に合うメールだけです。",
      "「送信済み」は、相手のメールサーバーが受け取った印です。読まれたかどうかは調べていません。",
      "「再送待ち」は、自動でもう一度送ります。「届かなかった」は、相手のサーバーに断られたものです。",
      "「届いたか不明」は、届いているかもしれません。「送り直す」を押すと、同じメールが2通届くことがあります。",
      "メールの文章は、ここには出ません。アドレスも一部だけです。",
    ],
  },
  guides: {
    title: "資料",
    pages: ["/staff/guides", "/staff/guides/new", "/staff/guides/[slug]"],
    roles: steering,
    sentences: [
      "加えた資料は、すぐに公開されます。",
      "新しい版を公開すると、これまでにお送りしたリンクからも新しい版が開きます。前の版も、職員は見られます。",
      "「公開を終える」と、一覧から消え、お送りしたリンクも開かなくなります。あとで元に戻せます。",
      "「申し込み」は、リンクをお送りした数です。だれが申し込んだかは、ここには出ません。",
    ],
  },
  newsletters: {
    title: "ニュースレター（メルマガ）",
    pages: ["/staff/newsletters", "/staff/newsletters/new", "/staff/newsletters/[id]", "/staff/newsletters/[id]/send"],
    roles: ["manager", "fundraiser"],
    sentences: [
      "書いた号は、送信するまで下書きです。読者には見えません。",
      "「試し送りをする」は、保存した内容を、あなただけに送ります。",
      "送るのは、登録を確認した読者だけです。相談をしたご家族が、自動で入ることはありません。",
      "送信をはじめると、取り消しや書き直しはできません。送った号は、公開のページにも出ます。",
      "ほかの人が先に保存していたときは、両方の文章が出ます。見比べてから保存してください。",
    ],
  },
  keywords: {
    title: "キーワード",
    pages: ["/staff/keywords"],
    roles: ["manager", "analyst"],
    sentences: [
      "どの広告のキーワードから相談が届き、いくらかかったかの集計です。",
      "ご家族のお名前や、相談の内容は含みません。",
      "期間を選んで「表示する」を押すと、その期間の集計になります。",
      "画面に出きらない行も、CSV にはすべて入っています。",
    ],
  },
  people: {
    title: "職員",
    pages: ["/staff/people", "/staff/people/[id]"],
    roles: ["manager"],
    sentences: [
      "招待のメールを送ると、その人が自分でパスワードと認証アプリを設定します。",
      "相談を読めるのは、管理者、相談コーディネーター、任された相談だけのピアサポーターです。",
      "停止すると、その人はすぐにログインできなくなります。担当の相談は、だれに引き継ぐかを一つずつ選びます。",
      "スマートフォンやパスワードをなくした人は、停止してから、同じメールアドレスで招待し直してください。",
      "急なお休みのときは、その人の不在の日を、管理者が入れられます。",
    ],
  },
  "sign-in": {
    title: "ログインと確認コード",
    pages: ["/staff/sign-in", "/staff/sign-in/code"],
    sentences: [
      "メールアドレスとパスワードを入れ、つぎに、認証アプリに出ている6けたの数字を入れます。",
      "一つの数字は、一度だけ使えます。使えないときは、新しい数字に変わるのを待ってください。",
      "スマートフォンがないときは、予備コードを入れてください。予備コードも、一つにつき一度だけです。",
      "まちがいが続くと、次に試せるまで、しばらく待つことになります。",
      "30分使わないとき、またはログインから12時間たったときは、もう一度ログインします。",
      "ログインが切れてから送った文章は、ログインし直すと、元の画面に入っています。",
    ],
  },
  "two-factor": {
    title: "認証アプリの設定（二段階認証）",
    pages: ["/staff/two-factor"],
    sentences: [
      "図を認証アプリで読み取り、アプリに出た6けたの数字を入れると、設定が終わります。",
      "設定が終わるまで、ほかの画面は開けません。書いた文章があるときは、設定のあとに元の画面に入っています。",
      "予備コードは、設定を終えると二度と出ません。先に、紙に控えてください。",
      "スマートフォンも予備コードもなくしたときは、管理者に招待し直してもらってください。",
    ],
  },
  invitation: {
    title: "職員の登録",
    pages: ["/staff/invitations/[token]"],
    sentences: [
      "お名前とパスワードを決めると、つぎに認証アプリを設定します。",
      "パスワードは15文字以上です。短い文のようにすると、覚えやすくなります。",
      "招待のリンクは、一度だけ使えます。期限が切れたときは、管理者に招待し直してもらってください。",
    ],
  },
  problem: {
    title: "うまくいかなかったとき",
    pages: ["/staff/problem"],
    sentences: [
      "画面の文に、何が起きたかが書かれています。",
      "書いた文章が下に出ているときは、まだ送られていません。写しておくと安心です。",
      "残せた文章は、メニューの「下書き」にもあります。",
    ],
  },
};

/** Words around the parts. */
export const manualWords = {
  title: "使い方",
  open: "この画面の使い方",
  whole: "使い方をすべて読む",
  lead: "画面ごとの短い説明です。どの画面でも、見出しの横の「?」を押すと、その画面の分だけを読めます。",
};

/** The parts that somebody of this role may want to read; without a role, those of the screens before signing in. */
export const manualFor = (role: Role | undefined): [anchor: string, part: ManualPart][] =>
  Object.entries(manual).filter(([, { roles }]) => roles === undefined || (role !== undefined && roles.includes(role)));

/**
 * The parts of a page (Astro's route pattern), for this role. A page that no part names gets the parts of the page
 * above it: /staff/cases/[id]/x those of /staff/cases/[id].
 */
export function manualPartsOf(page: string, role: Role | undefined): [anchor: string, part: ManualPart][] {
  const parts = manualFor(role).filter(([, { pages }]) => pages.includes(page));
  const above = page.slice(0, page.lastIndexOf("/"));
  return parts.length > 0 || above === "" ? parts : manualPartsOf(above, role);
}
