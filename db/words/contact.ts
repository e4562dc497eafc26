/** The way to a person, the same on every page: form, phone, other channels, national lines. */

import type { Settings } from "#db/settings/settings.ts";
import { hoursLabel } from "#db/settings/wording.ts";

const ja = (s: Settings) => ({
  heading: "相談のしかた",
  form: "書いて相談する",
  formNote: "夜中でも。名前や病名がなくても。",
  phoneLabel: "電話",
  barLabel: "相談する",
  barForm: "書いて相談",
  barPhone: "電話",
  hours: hoursLabel("ja", s),
  open: "受付中",
  openNote: (closes: string) => `今日は${closes}まで`,
  closed: "時間外",
  closedNote: (day: string, opens: string) => `次は${day}${opens}から`,
  channels: "ほかの窓口",
  urgent: "お子さんの体調が急に変わったときは、かかりつけの病院か119へ。",
  linesHeading: "いますぐ、だれかと話したいとき",
  lines: {
    medical: "こども医療電話相談（夜間や休日の、急な病気やけが）",
    children: "24時間子供SOSダイヤル（子どもも保護者も。無料）",
    anyone: "よりそいホットライン（どんな悩みでも。24時間、無料）",
    abuse: "児童相談所（子育てがつらいとき、虐待かもと思ったとき。24時間、無料）",
  },
});

type Contact = ReturnType<typeof ja>;

const easy = (s: Settings): Contact => ({
  heading: "相談のしかた",
  form: "書いて相談する",
  formNote: "いつでも書けます。名前や病気の名前は書かなくていいです。",
  phoneLabel: "電話",
  barLabel: "相談する",
  barForm: "書いて相談",
  barPhone: "電話",
  hours: hoursLabel("easy", s),
  open: "いま話せます",
  openNote: (closes: string) => `今日は${closes}まで話せます。`,
  closed: "いまは休みです",
  closedNote: (day: string, opens: string) => `次は${day}の${opens}から話せます。`,
  channels: "ほかの方法",
  urgent: "子どもの体が急に悪くなったときは、病院に行くか、119に電話してください。",
  linesHeading: "いま、すぐに話したいとき",
  lines: {
    medical: "子どもの病気やけがの電話（夜と休みの日）",
    children: "子どもと親のための電話（いつでも、お金はいりません）",
    anyone:
      "困ったときの電話（いつでも、お金はいりません。外国のことばで話したい人は、2番をおしてください。午前10時から午後10時までです）",
    abuse: "子どもを育てるのがつらいとき、子どもがたたかれているとき（いつでも、お金はいりません）",
  },
});

const en = (s: Settings): Contact => ({
  heading: "How to reach us",
  form: "Write to us",
  formNote: "Write at any hour. You need not give a name or a diagnosis.",
  phoneLabel: "Telephone (in Japanese)",
  barLabel: "Ask for help",
  barForm: "Write to us",
  barPhone: "Call",
  hours: hoursLabel("en", s),
  open: "Open now",
  openNote: (closes: string) => `We answer until ${closes} today.`,
  closed: "Closed now",
  closedNote: (day: string, opens: string) => `We answer again from ${opens} ${day}.`,
  channels: "Other ways",
  urgent: "If your child suddenly gets worse, go to your hospital or call 119.",
  linesHeading: "If you need to talk to somebody now",
  lines: {
    medical: "Advice on a sick or injured child (nights and holidays, in Japanese)",
    children: "For children and parents (24 hours, free, in Japanese)",
    anyone: "Yorisoi Hotline for any worry (24 hours, free; for other languages press 2, 10:00–22:00)",
    abuse: "Child guidance centre, when parenting is too hard or a child may be abused (24 hours, free, in Japanese)",
  },
});

export const contact = { ja, easy, en };
