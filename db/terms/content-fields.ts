/**
 * The fields of each kind of entry: `facts` have no language, `body` is written once in each. Forms, their zod, pages and
 * files for export all read this one list. Every value is a text; what it means is in `input`.
 */

import { topic } from "./consultation.ts";
import type { ContentKind } from "./content.ts";

/** Pictures beside worries, drawn by the product. */
export const worryIcon = {
  school: "学校",
  return: "戻る道",
  home: "家",
  siblings: "きょうだい",
  money: "仕事とお金",
  peer: "同じ経験の人",
  listen: "話を聞く",
  professional: "支える人",
  other: "そのほか",
} as const;

/** Who a worry is written for. */
export const worryReader = {
  family: "家族",
  self: "本人（中高生など）",
  professional: "学校・病院・福祉の方",
} as const;

/** Signs beside partners, drawn by the product. */
export const partnerIcon = {
  hospital: "病院",
  school: "学校",
  health: "保健所",
  city: "役所",
  visit: "訪問する人",
  plan: "計画・相談",
  other: "そのほか",
} as const;

/** People drawn by the product, which an entry may show in place of a photograph. */
export const portraitDrawing = {
  coordinator: "髪を結んだ人の似顔絵",
  peer: "めがねの若い人の似顔絵",
  sibling: "髪の長い人の似顔絵",
  mother: "長い髪で、目を閉じて笑う人",
  father: "短い髪で、目を閉じて笑う人",
  grandmother: "白い髪で、目を閉じて笑う人",
  teacher: "黒い髪で、目を閉じて笑う人",
} as const;

/** Scenes drawn by the product. */
export const sceneDrawing = {
  classroom: "病院の学級で、先生と学ぶ子",
  "school-gate": "校門の前の、親と子",
  sofa: "ソファで本を読む、親と子",
  tea: "お茶を囲む三人",
  "kitchen-at-night": "夜の台所で、スマートフォンに書く人",
  "telephone-at-night": "夜に電話を受ける人",
} as const;

/** Covers of guides drawn by the product; the title stands on them. Without one a guide shows its first page. */
export const coverDrawing = { night: "夜の道と病院", classroom: "昼の教室" } as const;

/** Every drawing that an entry may show as its picture: its file is site/public/drawings/<code>.svg. */
export const drawing = { ...portraitDrawing, ...sceneDrawing } as const;

export type Drawing = keyof typeof drawing;

/**
 * line, text: plain words; a text may have line breaks. lines: one value a line. markdown: with headings, lists and links.
 * day: YYYY-MM-DD. time: HH:MM. link: https. number: whole and positive. tick: "yes" or "". choice: a code of `choices`.
 * picture: the id of a picture, or "drawing:" and a code of the field's `drawings`. portrait: the same, and hangs on a consent.
 */
type FieldInput =
  | "line"
  | "text"
  | "lines"
  | "markdown"
  | "day"
  | "time"
  | "link"
  | "number"
  | "tick"
  | "choice"
  | "picture"
  | "portrait";

export interface ContentField {
  name: string;
  label: string;
  input: FieldInput;
  /** Characters. */
  max: number;
  /** Asked for when it is published; a draft may leave anything empty. */
  required?: boolean;
  hint?: string;
  choices?: Record<string, string>;
  /** The product's own drawings from which a picture may be chosen. */
  drawings?: Partial<Record<Drawing, string>>;
}

const line = <N extends string>(name: N, label: string, hint?: string) =>
  ({ name, label, input: "line", max: 120, required: true, ...(hint !== undefined && { hint }) }) as const;
const text = <N extends string>(name: N, label: string, hint?: string) =>
  ({ name, label, input: "text", max: 600, required: true, ...(hint !== undefined && { hint }) }) as const;
const markdown = <N extends string>(name: N, label: string, required = true) =>
  ({
    name,
    label,
    input: "markdown",
    max: 10_000,
    required,
    hint: "「**太字**」「- 箇条書き」「[文字](https://…)」が使えます。",
  }) as const;

export const contentFields = {
  worry: {
    facts: [
      {
        name: "topic",
        label: "相談フォームで選ばれる項目",
        input: "choice",
        max: 40,
        choices: topic,
        hint: "この心配ごとからフォームを開くと、選ばれた状態になります。",
      },
      { name: "icon", label: "絵", input: "choice", max: 40, choices: worryIcon },
      { name: "reader", label: "だれの心配ごとか", input: "choice", max: 40, choices: worryReader },
    ],
    body: [
      line("words", "心配ごと", "親や本人のことばで。かぎかっこは付けなくて大丈夫です。"),
      text("answer", "そのとき、していること"),
    ],
  },
  story: {
    facts: [{ name: "picture", label: "写真・絵", input: "portrait", max: 60, drawings: sceneDrawing }],
    body: [
      line("title", "題"),
      line("who", "どなたの相談か", "例: 小学4年生のご家族。名前や学校名は書きません。"),
      text("asked", "相談", "相談した方のことばで。"),
      { ...text("gathered", "集まった人", "1行にひとり（ひとつの機関）ずつ。"), input: "lines", required: false },
      text("now", "いま", "何をして、いまどうなっているか。"),
    ],
  },
  voice: {
    facts: [{ name: "picture", label: "写真・絵", input: "portrait", max: 60, drawings: portraitDrawing }],
    body: [text("words", "声"), line("from", "どなたの声か", "例: 小学生の母親。名前は書きません。")],
  },
  person: {
    facts: [{ name: "picture", label: "写真・似顔絵", input: "portrait", max: 60, drawings: portraitDrawing }],
    body: [
      line("name", "名前", "サイトに出す名前。下の名前だけ、仮の名前でもかまいません。"),
      line("role", "役割"),
      text("lived", "歩いてきた道", "何を経験し、どんな話ができるか。"),
    ],
  },
  partner: {
    facts: [{ name: "icon", label: "しるし", input: "choice", max: 40, choices: partnerIcon }],
    body: [line("name", "名前"), text("does", "していること")],
  },
  video: {
    facts: [
      { name: "link", label: "動画のアドレス", input: "link", max: 500, required: true },
      { name: "minutes", label: "長さ（分）", input: "number", max: 4, required: true },
      {
        name: "picture",
        label: "静止画",
        input: "picture",
        max: 60,
        drawings: sceneDrawing,
        hint: "動画の一場面。なくてもかまいません。",
      },
    ],
    body: [
      line("title", "題"),
      line("site", "動画があるサイトの名前", "開く前に、ほかの会社のサイトに移ることをお伝えします。"),
      markdown("text", "動画の内容"),
    ],
  },
  headline: {
    facts: [
      {
        name: "gids",
        label: "広告グループの番号",
        input: "lines",
        max: 2000,
        hint: "1行にひとつ。広告の管理画面にある数字です。",
      },
      { name: "campaigns", label: "キャンペーン名（utm_campaign）", input: "lines", max: 2000, hint: "1行にひとつ。" },
      { name: "to_professional", label: "ボタンから、専門職向けのフォームを開く", input: "tick", max: 3 },
    ],
    body: [line("headline", "見出し"), text("lead", "見出しの下の文")],
  },
  event: {
    facts: [
      { name: "day", label: "日", input: "day", max: 10, required: true },
      { name: "starts", label: "始まり", input: "time", max: 5, required: true },
      { name: "ends", label: "終わり", input: "time", max: 5 },
    ],
    body: [
      line("title", "題"),
      line("place", "場所"),
      line("for_whom", "対象"),
      line("apply", "申し込み方"),
      markdown("text", "内容", false),
    ],
  },
  faq: {
    facts: [],
    body: [line("question", "質問"), markdown("answer", "答え")],
  },
  news: {
    facts: [{ name: "day", label: "日付", input: "day", max: 10, required: true }],
    body: [line("title", "題"), markdown("text", "本文")],
  },
  guide: {
    facts: [
      {
        name: "cover",
        label: "表紙の絵",
        input: "choice",
        max: 40,
        choices: coverDrawing,
        hint: "選ばないと、PDFの1ページ目が表紙になります。",
      },
    ],
    body: [
      line("title", "題名"),
      text("summary", "紹介"),
      {
        ...line("for_whom", "読んでいただきたい方", "書かないあいだは、資料のページの日本語が出ます。"),
        required: false,
      },
      {
        ...text("contents", "なかみ", "見出しを1行にひとつずつ。書かないあいだは、資料のページの日本語が出ます。"),
        input: "lines",
        required: false,
      },
    ],
  },
} as const satisfies Record<ContentKind, { facts: readonly ContentField[]; body: readonly ContentField[] }>;

/** What an entry has once for all languages, by field. */
export type ContentFacts<K extends ContentKind = ContentKind> = Record<
  (typeof contentFields)[K]["facts"][number]["name"],
  string
>;

/** What an entry says in one language, by field. */
export type ContentBody<K extends ContentKind = ContentKind> = Record<
  (typeof contentFields)[K]["body"][number]["name"],
  string
>;

/** Facts of an entry of any kind. */
type AnyFacts = Partial<Record<string, string>>;

const drawingPrefix = "drawing:";

/** The fact that shows one of the product's drawings. */
export const drawingFact = (code: Drawing): string => drawingPrefix + code;

/** The drawing that an entry shows; undefined where it shows an uploaded picture, or none. */
export function drawingIn({ picture = "" }: AnyFacts): Drawing | undefined {
  const name = picture.startsWith(drawingPrefix) ? picture.slice(drawingPrefix.length) : "";
  return Object.hasOwn(drawing, name) ? (name as Drawing) : undefined;
}

/** Id of the uploaded picture that an entry shows; undefined where it shows a drawing, or none. */
export const pictureIdIn = ({ picture = "" }: AnyFacts): string | undefined =>
  /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u.test(picture) ? picture : undefined;

/** The fields of a kind where the kind is not known before. */
export const fieldsOf = (kind: ContentKind): { facts: readonly ContentField[]; body: readonly ContentField[] } =>
  contentFields[kind];

/** What an entry is called in lists: the beginning of its first field; "" where nothing is written there. */
export function firstWordsOfEntry(kind: ContentKind, body: Partial<Record<string, string>>): string {
  const words = body[fieldsOf(kind).body[0]?.name ?? ""]?.trim() ?? "";
  return words.length > 60 ? `${words.slice(0, 60)}…` : words;
}

/** The values of a field that has one a line: trimmed, without empty ones. */
export const linesOf = (value: string): string[] =>
  value
    .split("\n")
    .map((one) => one.trim())
    .filter((one) => one !== "");
