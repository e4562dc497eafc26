/** The page that explains this site, but for its replaceable sections (sections/help.ts). */

import type { Settings } from "#db/settings/settings.ts";
import { contactUs } from "#db/settings/wording.ts";

const ja = (s: Settings) => ({
  title: "このサイトの使い方",
  description: "相談の送り方、お返事の読み方、メールが届かないとき、文字を読みやすくする方法をまとめました。",
  headings: {
    send: "相談を送る",
    reply: "お返事を読む・書き足す",
    mail: "メールが届かないとき",
    guides: "資料を受け取る",
    read: "読みやすくする",
    shared: "家族や学校と共用のスマートフォンやパソコンを使うとき",
  },
  ask: `ここに書いていないことは、${contactUs("ja", s)}。`,
});

type Help = ReturnType<typeof ja>;

const easy = (s: Settings): Help => ({
  title: "サイトの使い方",
  description: "相談の送り方、返事の読み方、メールが届かないときのことを書きました。",
  headings: {
    send: "相談を送る",
    reply: "返事を読む、もっと書く",
    mail: "メールが届かないとき",
    guides: "資料をもらう",
    read: "読みやすくする",
    shared: "家族や学校と同じスマートフォンやパソコンを使うとき",
  },
  ask: `ほかにわからないことがあるときは、${contactUs("easy", s)}。${s.phone === "" ? "" : "電話は日本語です。"}`,
});

const en = (s: Settings): Help => ({
  title: "Using this site",
  description:
    "How to write to us and read our reply, what to do when no mail arrives, and how to make reading easier.",
  headings: {
    send: "Writing to us",
    reply: "Reading our reply, and writing more",
    mail: "When no mail arrives",
    guides: "Getting a guide",
    read: "Easier to read",
    shared: "On a phone or computer you share with family or school",
  },
  ask: `For anything that is not said here, ${contactUs("en", s)}.${s.phone === "" ? "" : " We speak Japanese on the telephone; in English, please use the form."}`,
});

export const help = { ja, easy, en };
