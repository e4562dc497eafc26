/** Sentences about staff forms that were not stored. */

import { entryChannel, entryOutcome, party } from "#db/terms/cases.ts";
import { answerWay, consentAnswer, spokenChannel } from "#db/terms/leads.ts";
import { labelOfField } from "./settings.ts";

export const draftWords = {
  otherWords:
    "さきほどの送信とは内容が違います。さきほどの内容は、もう保存されています。こちらも別に保存するときは、もう一度送ってください。",
  missing:
    "送った先を、いまは開けません。終了したか、担当が変わったのかもしれません。書いた文章は、この画面に残っています。",
  onlyHere: "書いた文章は、この画面にだけ出ています。必要なときは、いま写して（コピーして）ください。",
  pressAgain:
    "ログインの時間が切れていたため、押したボタンの仕事は、まだ行われていません。よければ、もう一度押してください。",
  erased: "この内容は消去されているため、書きかけも残せません。",
  /** `when`: a day and a time. */
  inBox: (when: string) => `${when} に書いた文章が入っています。まだ保存されていません。`,
  drop: "この書きかけを消す",
  listTitle: "書きかけ",
  listLead: "書きかけて、まだ保存も送信もしていない文章です。読めるのはあなただけです。",
  none: "いま、書きかけの文章はありません。書きかけた文章は、送るまで、ここにも並びます。",
  toToday: "最初の画面へ",
  open: "開いて続きを書く",
  whole: "文章をすべて見る",
  /** The case is erased, or no longer the person's. */
  hiddenCase: "いまは開けない相談",
  caseOf: (reference: string) => `相談 ${reference}`,
  /** `days`: whole days until it is deleted; `day`: that day. */
  keptFor: (days: number, day: string) => `あと${days}日で消えます（${day}）`,
  unsentHeading: "まだ保存されていない文章",
  unsentLead: "必要なときは、写して（コピーして）お使いください。",
};

/** Names of fields, where a form is shown without its page. */
export const fieldNames: Readonly<Record<string, string>> = {
  happened_at: "いつ",
  channel: "方法",
  outcome: "話せたか",
  from_party: "だれが",
  who: "だれが（お名前や部署）",
  to_party: "だれに",
  whom: "だれに（お名前や部署）",
  what: "どんな対応をしたか",
  reply: "ご家族へのお返事",
  subject: "件名",
  preheader: "前書き",
  body: "本文",
  title: "題名",
  summary: "紹介",
  forWhom: "読んでいただきたい方",
  contents: "なかみ",
  note: "メモ",
  brief: "ピアへの申し送り",
  next_what: "次にすること",
  next_on: "次にすることの日",
  lead_channel: "電話か来所か",
  phone: "電話番号",
  name: "お名前",
  message: "どんなこと",
  answer: "お返事のしかた",
  address: "メールアドレス",
  consent: "同意",
  heard: "どこで知りましたか",
};

const labels: Readonly<Record<string, Record<string, string>>> = {
  channel: entryChannel,
  outcome: entryOutcome,
  from_party: party,
  to_party: party,
  lead_channel: spokenChannel,
  answer: answerWay,
  consent: consentAnswer,
};

/** Fields that mean nothing to a reader: ids and versions that a page fills in. */
const unread = new Set([
  ...["version", "latest", "staff_id", "next_who", "take", "key", "shown"],
  ...["seen", "shown_at", "held_by", "from", "for_peers", "do", "began_at", "look"],
  ...["press", "list", "shows_subject", "line", "block", "guide", "is_public"],
]);

/** What was typed, field by field, with a name for each. */
export function readableFields(values: Record<string, unknown>): { name: string; label: string; text: string }[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const texts = [value].flat().filter((one): one is string => typeof one === "string" && one !== "");
    if (unread.has(name) || texts.length === 0) return [];
    const text = texts.map((one) => labels[name]?.[one] ?? one).join("、");
    return [
      {
        name,
        label: fieldNames[name] ?? labelOfField(name),
        text: name === "happened_at" ? text.replace("T", " ") : text,
      },
    ];
  });
}

/** What a form is for, by the path that it posts to; the first that fits. */
const formNames: readonly [RegExp, string][] = [
  [/^\/staff\/cases\/new$/u, "電話・来所を受ける"],
  [/\/contact$/u, "連絡先を直す"],
  [/\/side-note$/u, "必ず読む"],
  [/\/brief$/u, "ピアへの申し送り"],
  [/\/replies$/u, "ご家族へのお返事"],
  [/\/hand-over$/u, "引き継ぎの伝言"],
  [/\/entries$/u, "記録・メモ"],
  [/\/reminders/u, "次にすること"],
  [/^\/staff\/cases\//u, "相談の画面"],
  [/^\/staff\/newsletters\/[^/]+\/insert\/picture$/u, "メルマガに入れる画像"],
  [/^\/staff\/newsletters\/[^/]+\/insert\/button$/u, "メルマガに入れるボタン"],
  [/^\/staff\/newsletters\/[^/]+\/web$/u, "サイトにのせた号の文章"],
  [/^\/staff\/newsletters/u, "メルマガ"],
  [/^\/staff\/guides/u, "資料"],
  [/^\/staff\/people/u, "職員"],
  [/^\/staff\/me/u, "自分の設定"],
  [/^\/staff\/settings/u, "設定"],
];

/** What the form that posts to this path is for. */
export const formNameOf = (form: string): string =>
  formNames.find(([pattern]) => pattern.test(form))?.[1] ?? "書きかけの文章";

/** The longest of what was typed, on one line, cut to 80 characters: what a list shows of a draft. */
export function firstWordsOfDraft(values: Record<string, unknown>): string {
  const typed = readableFields(values).filter(({ name }) => labels[name] === undefined && name !== "happened_at");
  const longest = typed.toSorted((a, b) => b.text.length - a.text.length)[0]?.text ?? "";
  const line = [...longest.replaceAll(/\s+/gu, " ").trim()];
  return line.length > 80 ? `${line.slice(0, 80).join("")}…` : line.join("");
}
