/**
 * The manual of the staff area: for each screen a few short sentences, shown behind its 「?」 and, all together, on
 * /staff/manual. Every sentence is a promise about the code; whoever changes a rule changes its sentence here.
 */

import type { Role } from "#db/terms/staff.ts";
import { casesManual } from "./manual-cases.ts";
import { contentManual } from "./manual-content.ts";
import { keysManual } from "./manual-keys.ts";
import { type ManualPart, onCases, steering } from "./manual-part.ts";
import { settingsManual } from "./manual-settings.ts";

/** By anchor, in the order of the whole manual. */
export const manual: Readonly<Record<string, ManualPart>> = {
  ...casesManual,
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
      "このサイトから送ったメールと、そのゆくえが、新しい順に50件ずつ並びます。見られるのは、役割に合うメールだけです。メルマガの号の画面からは、その号のメールだけを開けます。",
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
  ...contentManual,
  newsletters: {
    title: "ニュースレター（メルマガ）",
    pages: [
      ...["/staff/newsletters", "/staff/newsletters/new", "/staff/newsletters/[id]", "/staff/newsletters/[id]/delete"],
    ],
    roles: ["manager", "fundraiser"],
    sentences: [
      "書いた号は、送信するまで下書きです。読者には見えません。",
      "「試し送り」「プレビュー」「送信の確認へ進む」「写しを作る」のどれを押しても、はじめに、いま書いた内容を保存します。",
      "「試し送りをする」は、保存したその内容を、あなただけに送ります。どのアドレスに届くかは、ボタンの下に出ます。",
      "件名や本文が空のままでも、保存できます。試し送りと送信には、両方が必要です。",
      "ほかの人が先に保存していたときは、両方の文章が出ます。見比べてから保存してください。",
      "「写しを作る」は、送った号からも、同じ文章の新しい下書きを作ります。サイトで訂正した号は、訂正した文章を写します。消せるのは、下書きだけです。",
    ],
  },
  "newsletter-sending": {
    title: "メルマガの送信とサイトの写し",
    pages: [...["/staff/newsletters/[id]/send", "/staff/newsletters/[id]/uncertain", "/staff/newsletters/[id]/web"]],
    roles: ["manager", "fundraiser"],
    sentences: [
      "送るのは、登録を確認した読者だけです。相談をしたご家族が、自動で入ることはありません。",
      "「いますぐ」は1分後に、日時を選ぶとその時刻に、送り始めます。それまでは、止めて下書きにもどせます。もう一度送るときは、前に選んだ日時と掲載がはじめから入っています。",
      "予約の時刻に送れなかったとき（送信のプログラムが止まっていた、バックアップから戻した）は、自動では送りません。「決めてください」と出るので、送るか、日時を選び直すかを決めます。",
      "送っている途中で、一時停止や、残りを送らない取りやめができます。もう渡しはじめたものは届き、送ったものは取り消せません。",
      "サイトにのせるかは、送るときに別に決めます。あとから取り下げたり、サイトの文章だけを訂正したりできます。",
      "「届いたか不明」は、もう一度送るか、このままにするかを、1件ずつ、またはまとめて決めます。残りがそれだけになった号には「決めてください」と出ます。",
    ],
  },
  "newsletter-preview": {
    title: "メルマガのプレビューと部品",
    pages: ["/staff/newsletters/[id]/preview", "/staff/newsletters/[id]/insert"],
    roles: ["manager", "fundraiser"],
    sentences: [
      "プレビューは、読者に届くメールそのものです。スマートフォンとパソコンの幅、昼と夜、文字だけの見え方が並びます。",
      "「送る前の確認」に「直してください」があるあいだは、送れません。そこから、直すところを開けます。「見てください」は、そのままでも送れます。",
      "入れられるのは、ボタン、資料、画像、区切り線です。画像には、何が写っているかの言葉が必ず要ります。",
      "ほかのサイトの画像は入れられません。だれがメールを開いたかが、そのサイトに伝わるためです。",
      "メールの画像のアドレスは、どの読者にも同じです。だれが開いたかは、調べません。",
      "本文から外した画像は、どの号の文章にも、書きかけの文章にもない日が 1 日つづくと、自動で消えます。送った号の画像は残ります。",
    ],
  },
  "newsletter-lists": {
    title: "お知らせの種類と返信先",
    pages: ["/staff/newsletters/lists", "/staff/newsletters/lists/[list]"],
    roles: ["manager", "fundraiser"],
    sentences: [
      "お知らせごとに、名前、説明、返信の届く先を変えられます。",
      "「返信の届く先」を入れると、そのお知らせに返信した方のメールは、そこに届きます。",
      "「だれでも申し込める」の印を外すと、申し込みの画面に出なくなります。いまの読者には、これまでどおり届きます。",
    ],
  },
  readers: {
    title: "読者をさがす",
    pages: ["/staff/newsletters/readers", "/staff/newsletters/readers/[id]", "/staff/newsletters/readers/[id]/erase"],
    roles: ["manager", "fundraiser"],
    sentences: [
      "メールアドレスをすべて入れると、その読者の登録、同意の記録、送ったメールが出ます。さがせるのは読者だけで、相談のことは出ません。",
      "「止めてほしい」と言われたら、そのお知らせだけか、すべてかを聞いて、ボタンを押してください。すぐに止まります。",
      "アドレスの訂正では、新しいアドレスに確認メールを送ります。ボタンが押されるまで、お知らせは送りません。",
      "確認メールを送り直せるのは、1つのアドレスに1日1通までです。",
      "消すと、元に戻せません。止めるだけなら、消さなくてかまいません。",
    ],
  },
  keywords: {
    title: "キーワード",
    pages: ["/staff/keywords", "/staff/keywords/charts", "/staff/keywords/counting"],
    roles: ["manager", "analyst"],
    sentences: [
      "どの広告のキーワードから相談が届き、いくらかかったかの集計です。ご家族のお名前や、相談の内容は含みません。",
      "期間、くらべる期間、まとめ方を選んで「表示する」を押してください。列の見出しを押すと、その列で並べ替えます。",
      "相談が5件より少ない割合や費用には、「件数が少なく、まだ言えません」と出ます。",
      "表示しているアドレスを保存すると、同じ見方をもう一度開けます。CSV には、画面に出きらない行もすべて入っています。",
      "数え方は「数え方」にすべて書いてあります。",
    ],
  },
  "keyword-checks": {
    title: "広告の点検・相談までの日数",
    pages: ["/staff/keywords/checks", "/staff/keywords/lag"],
    roles: ["manager", "analyst"],
    sentences: [
      "「広告の点検」は、費用のファイルとサイトに来た記録を比べ、広告の設定で直したほうがよいところだけを示します。",
      "「相談までの日数」は、広告から来た日から相談までに何日かかったかを示します。最近の広告の相談は、これから増えることがあります。",
      "どちらにも、ご家族のお名前や相談の内容は出ません。",
    ],
  },
  "keyword-imports": {
    title: "費用の取り込み",
    pages: ["/staff/keywords/imports", "/staff/keywords/imports/[id]", "/staff/keywords/uploads/[id]"],
    roles: ["manager", "analyst"],
    sentences: [
      "広告の管理画面から書き出したレポートを選ぶと、取り込む前に、中身と、数がどう変わるかが出ます。",
      "同じファイルを二度取り込んでも、二重には数えません。同じ日の数字は、あとから取り込んだファイルのものを使います。",
      "期間の合計だけのファイルが、日別の数字を消すことはありません。",
      "アカウントの名前は、広告のアカウントごとに、いつも同じにしてください。名前が違うと、同じ費用を二重に数えます。",
      "取り込みは、あとからいつでも、ファイルごとに取り消せます。",
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
  ...settingsManual,
  ...keysManual,
  texts: {
    title: "ページの文章",
    pages: ["/staff/words", "/staff/words/[id]"],
    roles: ["manager"],
    sentences: [
      "一般の方向けのページの文を、ことばごとに書きかえられます。保存すると、サイトはすぐに変わります。",
      "「見てみる」は、保存せずに見え方だけを出します。書いた文は、下書きとして残ります。",
      "二重の波かっこのことばには、設定の内容が入ります。知らないことばは、保存のときにお知らせします。",
      "製品の元の文が変わったときや、書きかえた文と設定の数がちがってきたときは、三つの文を並べてお知らせします。約束の文は「確かめること」に出ます。",
      "「このままでよい」は、そのときの元の文にだけ効きます。元の文がまた変わったら、またお知らせします。",
      "「元の文に戻す」を押しても、書いた文は「これまでの変更」に残り、いつでも戻せます。",
      "同意の文は、ここでは変えられません。",
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
      "書いた文章が下に出ているときは、まだ保存も送信もされていません。写しておくと安心です。",
      "残せた文章は、メニューの「書きかけ」にもあります。",
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
