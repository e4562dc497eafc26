/** The page with the numbers of closed quarters. */

import type { Settings } from "#db/settings/settings.ts";

const ja = (s: Settings) => ({
  title: "数字で見る",
  description: `${s.name.ja}に届いた相談、お渡しした資料の数と、お返事までの日数を、3か月ごとにお知らせします。`,
  lead: "届いた相談と、お渡しした資料の数、お返事までの日数です。3か月ごとに数えています。",
  invented: "見本のための、架空の数です。",
  empty: "まだ、載せる数がありません。3か月の区切り（3月・6月・9月・12月の終わり）から2週間ほどで、ここに載ります。",
  /** On other pages. */
  link: "相談の数と、お返事までの日数（数字で見る）",
  /** Year of the calendar, first and last month. */
  quarter: (year: number, from: number, to: number) => `${year}年<wbr>${from}〜${to}月`,
  since: (month: number, date: number) => `${month}月${date}日から`,
  period: "期間",
  consultations: {
    title: "届いた相談",
    about: "フォームや電話などで届いた、相談の数です。営業や、ためしに送られたものは、数えていません。",
    count: "数",
  },
  guides: {
    title: "お渡しした資料",
    about: "メールアドレスを入れて申し込まれた資料の数です。アドレスのいらない資料は、数えていません。",
    count: "数",
  },
  answers: {
    title: "お返事",
    about:
      "「間に合った」は、約束した日までにお返事できた相談の数です。お返事がいらない相談も、こちらに入ります。「半分は」のところは、お返事した相談の半分に、何日以内でお返事したかです。届いた日は0日で、相談室が休みの日は数えません。",
    inTime: "間に合った",
    half: "半分は",
  },
  count: (count: string) => `${count}件`,
  few: (threshold: number) => `${threshold}件未満`,
  atLeast: (count: string) => `${count}件以上`,
  days: (days: number) => (days === 0 ? "その日" : `${days}日以内`),
  withheld: "載せません",
  aboutNumbers: "数について",
  notes: {
    frozen:
      "3か月が終わって2週間たったときに、一度だけ数えます。そのあとで記録を直したり消したりしても、載せた数は変えません。",
    small: (threshold: number) =>
      `${threshold}件より少ない数は、だれのことか分かるかもしれないため、そのままでは載せません。「${threshold}件未満」と書くか、残りが少ないときは「何件以上」と書きます。計算しても、元の数は出せません。`,
    nobody: "相談の内容は、どなたのものも、ここには出ません。",
  },
});

type Numbers = ReturnType<typeof ja>;

const easy = (s: Settings): Numbers => ({
  title: "相談の数と日数",
  description: `「${s.name.easy}」にとどいた相談の数や、お返事までの日数を書きました。`,
  lead: "とどいた相談の数、わたした資料の数、お返事までの日数です。3か月ごとに数えます。",
  invented: "見本の数です。本当の数ではありません。",
  empty: "まだ数がありません。3月、6月、9月、12月が終わって、2週間くらいたつと、ここに書きます。",
  link: "相談の数と、お返事までの日数を見る",
  quarter: (year, from, to) => `${year}年<wbr>${from}月から<wbr>${to}月`,
  since: (month, date) => `${month}月${date}日から`,
  period: "いつ",
  consultations: {
    title: "とどいた相談",
    about: "フォームや電話でとどいた相談の数です。広告の連絡や、テストは数えません。",
    count: "数",
  },
  guides: {
    title: "わたした資料",
    about: "メールアドレスを書いてもらって、わたした資料の数です。",
    count: "数",
  },
  answers: {
    title: "お返事",
    about:
      "「間に合った」は、約束の日までにお返事した相談の数です。お返事がいらない相談も入ります。「半分は」のところは、お返事した相談の半分に、何日でお返事したかです。休みの日は数えません。",
    inTime: "間に合った",
    half: "半分は",
  },
  count: (count) => `${count}件`,
  few: (threshold) => `${threshold}件より少ない`,
  atLeast: (count) => `${count}件以上`,
  days: (days) => (days === 0 ? "その日" : `${days}日以内`),
  withheld: "書きません",
  aboutNumbers: "数について",
  notes: {
    frozen: "3か月が終わって2週間たったとき、1回だけ数えます。あとで記録を直しても、消しても、ここの数は変えません。",
    small: (threshold) =>
      `${threshold}件より少ない数は、書きません。だれのことか、わかるかもしれないからです。「${threshold}件より少ない」か「何件以上」と書きます。`,
    nobody: "相談に書いたことは、だれのものも、ここには出ません。",
  },
});

const month = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" });
const monthName = (number: number) => month.format(Date.UTC(2026, number - 1));

const en = (s: Settings): Numbers => ({
  title: "Our work in numbers",
  description: `How many requests for help ${s.name.en} received, how many guides it gave out and how long answers took, quarter by quarter.`,
  lead: "Requests for help that reached us, guides we gave out, and how long answers took. We count every three months.",
  invented: "These numbers are invented, as part of the sample.",
  empty:
    "There is nothing to show yet. About two weeks after the end of March, June, September and December, the numbers of the three months before appear here.",
  link: "How many write to us, and how long answers take (our work in numbers)",
  quarter: (year, from, to) => `${monthName(from)} to<wbr> ${monthName(to)} ${year}`,
  since: (number, date) => `from ${date} ${monthName(number)}`,
  period: "Period",
  consultations: {
    title: "Requests for help",
    about: "Requests that came through the form, by telephone or otherwise. Sales messages and trials are not counted.",
    count: "Number",
  },
  guides: {
    title: "Guides given out",
    about: "Guides that were asked for with a mail address. Those that need no address are not counted.",
    count: "Number",
  },
  answers: {
    title: "Answers",
    about:
      "“In time” counts requests that we answered by the day we had promised; requests that needed no answer are among them. “Half in” says within how many days half of those we answered had their answer. The day a request arrives is day 0, and days on which we are closed are not counted.",
    inTime: "In time",
    half: "Half in",
  },
  count: (count) => count,
  few: (threshold) => `fewer than ${threshold}`,
  atLeast: (count) => `${count} or more`,
  days: (days) => (days === 0 ? "same day" : days === 1 ? "1 day" : `${days} days`),
  withheld: "not shown",
  aboutNumbers: "About these numbers",
  notes: {
    frozen:
      "We count once, two weeks after the three months have ended. Whatever is corrected or erased in our records later, a number that stands here does not change.",
    small: (threshold) =>
      `A number below ${threshold} might show who is meant, so it is not given. We write “fewer than ${threshold}” instead, or “… or more” where only a few are left over. The number itself cannot be worked out from the others.`,
    nobody: "Nothing that anybody wrote to us appears here.",
  },
});

export const numbers = { ja, easy, en };
