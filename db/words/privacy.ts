/** What becomes of personal information. Have counsel confirm it before relying on it. */

import type { Settings } from "#db/settings/settings.ts";
import { keepDraftDays } from "#db/terms/privacy.ts";
import { consents } from "./consents.ts";

/** A paragraph, a list, or terms with what is said of each. `quote` is a sentence people agree to. */
type Block = string | { list: string[] } | { facts: [term: string, text: string][] } | { quote: string };

interface Privacy {
  title: string;
  description: string;
  counsel: string;
  sections: { heading: string; blocks: Block[] }[];
  contact: { heading: string; text: string; who: string };
}

const ja = (s: Settings): Privacy => ({
  title: "個人情報の扱い",
  description: "お預かりする情報、読む人、保管する期間、消し方をまとめました。",
  counsel: s.stage === "real" ? "" : "実際の団体が使うときは、弁護士などの専門家に内容を確かめてもらってください。",
  sections: [
    {
      heading: "お預かりするもの",
      blocks: [
        {
          facts: [
            [
              "相談の文章、連絡先、選んだ項目",
              `お返事と支援のために使い、支援が終わってから${s.keepYears}年間保管します。`,
            ],
            [
              "職員が書きかけて、まだ送っていないお返事や記録",
              `暗号にして、最後に書いた日から${keepDraftDays}日だけ残します。読めるのは、書いた職員だけです。ご家族の記録を消すときは、いっしょに消します。`,
            ],
            ["ほかの機関に伝えた記録", "だれに何を伝えたかを証明するために、伝えてから3年間保管します。"],
            ["資料のためのメールアドレス", `資料のリンクをお送りするために使い、${s.keepRequestYears}年間保管します。`],
            [
              "メールマガジンのメールアドレス",
              "登録をやめるまで、お知らせをお送りするために使います。同意の記録は、最後のメールから3年間保管します。",
            ],
          ],
        },
      ],
    },
    {
      heading: "お子さんの病気のこと",
      blocks: [
        "病気や障害についての情報は、法律で「要配慮個人情報」とされ、ご本人の同意なしに集めてはいけないものです。子どもについては、保護者の方に同意をうかがいます。相談フォームでは、次の文に同意していただいています。",
        { quote: consents.ja(s).consultation },
        "お電話や窓口では、次の文を読み上げて、同意をうかがいます。お電話のときにうかがえなかったときは、次にお話しするときにうかがいます。",
        { quote: consents.ja(s).spoken },
        "お名前、病名、住所を書かなくても相談できます。同意は、あとから取り消せます。",
      ],
    },
    {
      heading: "読む人",
      blocks: [
        {
          list: [
            "相談の文章と連絡先を読むのは、相談コーディネーターと管理者です。",
            "ピアサポーターが読むのは、受けもつことになったご家族のお名前、お子さんが小学生か中学生か、市町村と相談の内容の種類、それに、コーディネーターが書いた申し送りと選んだ記録だけです。相談の文章と連絡先は読みません。",
            "広報や寄付、分析の担当者は、相談を読めません。ご相談をもとに、寄付のお願いやメールマガジンをお送りすることはありません。",
            "連絡のときに気をつけること（「父には連絡しない」など）の短い覚え書きは、ピアサポーターも読みます。",
            "だれがいつ開いたかは、すべて記録に残ります。",
          ],
        },
        "ほかの機関に伝えるときは、伝える相手と内容を先にお話しし、同意をいただきます。いのちや体に危険が迫っているとき、虐待のおそれがあるときなど、法律が認める場合に限り、同意の前に伝えることがあります。",
      ],
    },
    {
      heading: "守り方",
      blocks: [
        "相談の文章、お名前、連絡先（直す前のものも）、覚え書きは、暗号にして保管します。暗号を解く鍵は、別の場所に置きます。記録の入った機械や、その複製が盗まれても、そのままでは読めません。メールには、相談の文章を書きません。",
        "お返事を読むための受付コードは、控えたと確かめられたあとは、わたしたちにも元のコードが分からない形にして保管します。",
        "消すときは、暗号を解く鍵を消し、暗号にした文章と連絡先も、データベースの中に残らないように書きかえます。データベースの作業記録には、写しが長くて数日のあいだ残ることがあります。",
        `消す前に取った複製（バックアップ）には、消した分も残っています。複製は長くても${s.keepBackupDays}日で破棄し、複製から元に戻したときは、もう一度消します。`,
        "メールマガジンをやめた方や、メールが届かなかった方のアドレスは、消したあとも、元に戻せない印だけを残します。まちがってお送りしないためだけに使います。",
      ],
    },
    {
      heading: "クッキーと外部への送信",
      blocks: [
        "このサイトの一般の方向けのページは、クッキーを使わず、お使いのスマートフォンやパソコンに何も保存しません。ほかの会社の文字、画像、動画、計測の仕組みも読み込みません。ページを見ただけで、ほかの会社へ情報が送られることはありません。",
        "いたずらを防ぐため、どのネットワークから送られたかと、同じメールアドレスにお送りしたメールの数を、元に戻せない形に変えて、長くても1日だけ残します。",
      ],
    },
    {
      heading: "見る、直す、消す",
      blocks: [
        "ご自分の記録を見たいとき、直したいとき、使うのをやめてほしいとき、消してほしいときは、お電話でお申し出ください。受付番号があると早く進みます。ご本人であることを確かめたうえで、すみやかに対応します。",
      ],
    },
  ],
  contact: { heading: "お問い合わせ先", text: "", who: `${s.legalName.ja}の個人情報担当` },
});

const easy = (s: Settings): Privacy => ({
  title: "あなたの情報を守ること",
  description: "あなたが書いたことを、だれが読むか、いつまで残すかを書きました。",
  counsel: "このページは見本です。本当に使うときは、弁護士に見てもらってください。",
  sections: [
    {
      heading: "わたしたちが残すもの",
      blocks: [
        {
          facts: [
            [
              "相談で書いたこと、メールアドレス、電話番号",
              `返事と手伝いのために使います。手伝いが終わって${s.keepYears}年たったら、消します。`,
            ],
            ["書いている途中の返事やメモ", `書いた人だけが読みます。${keepDraftDays}日たったら、消します。`],
            ["ほかのところに話したことのメモ", "だれに何を話したかを、3年のあいだ残します。"],
            ["資料のためのメールアドレス", `資料を送るために使います。${s.keepRequestYears}年のあいだ残します。`],
            [
              "お知らせのためのメールアドレス",
              "やめるまで使います。あなたが「いいです」と言ったことは、最後のメールから3年のあいだ残します。",
            ],
          ],
        },
      ],
    },
    {
      heading: "子どもの病気のこと",
      blocks: [
        "病気のことは、とても大切な情報です。日本の法律では、あなたが「いい」と言わないと、集めてはいけません。だから、相談のページで、次のことを聞きます。",
        { quote: consents.easy(s).consultation },
        "電話をしたときや、ここに来たときは、わたしたちが「話したことを残してもいいですか」と聞きます。",
        "名前、病気の名前、住所を書かなくても相談できます。あとで「やめます」と言ってもいいです。",
      ],
    },
    {
      heading: "読む人",
      blocks: [
        {
          list: [
            "相談の人と、責任者が読みます。",
            "同じ経験をした人（ピアサポーター）が手伝うときは、名前と、相談の人がえらんだことだけを読みます。相談の文章は読みません。",
            "お知らせを作る人や、寄付の仕事をする人は読みません。",
            "相談した人に、寄付のお願いを送ることはありません。",
            "「父に電話しない」のような大切なお願いは、あなたを手伝う人がみんな読みます。",
            "だれがいつ読んだかを、ぜんぶ残します。",
          ],
        },
        "ほかのところに話すときは、先にあなたに聞きます。ただし、いのちがあぶないとき、子どもがひどいことをされているときは、先に話すことがあります。法律で決まっています。",
      ],
    },
    {
      heading: "守り方",
      blocks: [
        "書いたことは、ほかの人が読めない形にして残します。読むためのかぎは、ちがう場所に置きます。メールには、相談のことを書きません。",
        `消すときは、かぎと、書いたことを消します。コンピューターの作業の記録には、数日のあいだ残ることがあります。こわれたときのためのコピーは、長くて${s.keepBackupDays}日のあいだ残ります。`,
        "お知らせをやめた人のメールアドレスは、消したあとも、しるしだけを残します。まちがって送らないためです。しるしから、アドレスは分かりません。",
      ],
    },
    {
      heading: "このサイトがしないこと",
      blocks: [
        "このサイトは、あなたのスマートフォンに何も残しません。このページを見たことを、ほかの会社に送りません。",
      ],
    },
    {
      heading: "見たい、直したい、消したい",
      blocks: [
        "電話をしてください。受付番号があると、早くできます。あなたかどうか、電話で聞きます。そのあと、すぐにします。",
      ],
    },
  ],
  contact: { heading: "聞きたいとき", text: "電話は日本語です。", who: s.legalName.easy },
});

const en = (s: Settings): Privacy => ({
  title: "Privacy",
  description: "What we keep, who reads it, how long we keep it, and how to have it deleted.",
  counsel: s.stage === "real" ? "" : "An organisation that uses this in earnest should have counsel confirm it.",
  sections: [
    {
      heading: "What we keep",
      blocks: [
        {
          facts: [
            [
              "What you write, how to reach you, and what you selected",
              `Used to reply and to support you; kept for ${s.keepYears} years after our support has ended.`,
            ],
            [
              "Replies and records that a member of staff began and has not sent",
              `Kept encrypted for ${keepDraftDays} days after they were last written on; only their writer can read them. Deleted along with your record.`,
            ],
            ["Records of what was told to other agencies", "Kept for 3 years, to prove who was told what."],
            ["An e-mail address given for a guide", `Used to send its link; kept for ${s.keepRequestYears} year.`],
            [
              "An e-mail address given for the newsletter",
              "Used until you leave. The record of your consent is kept for 3 years after the last mail.",
            ],
          ],
        },
      ],
    },
    {
      heading: "Your child's illness",
      blocks: [
        "Japanese law treats information on illness and disability as especially sensitive: it may not be collected without consent, which for a child is asked of the parents. Our form asks you to agree to this sentence:",
        { quote: consents.en(s).consultation },
        "When you call us or come to our door we read a sentence to the same effect aloud and ask whether you agree. If we could not ask at once, we ask when we next speak with you.",
        "You can ask without giving a name, a diagnosis or an address, and you can withdraw your consent later.",
      ],
    },
    {
      heading: "Who reads it",
      blocks: [
        {
          list: [
            "Coordinators and managers read what you wrote and how to reach you.",
            "Peer supporters read only of families they were asked to accompany: the name, the stage of school, the town, the kind of worry, a note that a coordinator writes for them and the records that a coordinator chooses. They do not read your message, your telephone number or your address.",
            "Colleagues who write newsletters, raise funds or analyse advertisements cannot read it, and asking for help never leads to an appeal for donations or a newsletter.",
            "A short note of what to mind when we contact you (such as not to call your father) is read by all who accompany your family.",
            "Who opened what, and when, is always recorded.",
          ],
        },
        "Before we tell another agency anything, we ask you whom we may tell and what. We tell them first only where the law allows it, for example when life is in danger or a child may be abused.",
      ],
    },
    {
      heading: "How it is protected",
      blocks: [
        "What you wrote, your name, how to reach you (also before a correction) and our notes are stored encrypted, and the key is kept elsewhere: a stolen machine or backup shows nothing. Our mails never contain what you wrote.",
        `To delete it we destroy your key and overwrite what it protected. The database's own log files may hold a copy for a few days. Backups made before still hold it; they are kept for at most ${s.keepBackupDays} days, and if one has to be restored, what was deleted is deleted again.`,
        "Of an address that left the newsletter, or that mail could not reach, we keep a fingerprint that cannot be turned back, only so that we do not write to it by mistake.",
      ],
    },
    {
      heading: "Cookies and other companies",
      blocks: [
        "The public pages set no cookies, store nothing on your device and load nothing from other companies. No other company learns that you read a page. Against misuse we keep, for a day at most and in a form that cannot be turned back, which network a message came from and how many mails we sent to one address.",
      ],
    },
    {
      heading: "See it, correct it, delete it",
      blocks: [
        "Call us, with your reference number if you have it. We make sure that it is you, and act without delay.",
      ],
    },
  ],
  contact: {
    heading: "Contact",
    text: "We speak Japanese on the telephone. You may also write through the form in English.",
    who: `${s.name.en}, personal information`,
  },
});

export const privacy = { ja, easy, en };
