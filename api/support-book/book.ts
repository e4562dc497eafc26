/**
 * The support book: which editions there are, and what stands in which. The sections themselves stand in sections.ts.
 * Fillable and printable PDFs and the public page are all made from these two.
 */

import {
  type Field,
  type Fields,
  type BookletSection,
  type BookletTable,
  type Text,
  type Ticks,
  type Variant,
  variants,
} from "#api/booklet/parts.ts";

/** For whom a copy is. */
export type Edition = "family" | "school" | "emergency";

export interface EditionWords {
  title: string;
  /** Who reads it. */
  forWhom: string;
  /** What it is for, in one or two sentences. */
  summary: string;
  /** Number of its pages (A4); a test counts them. */
  pages: number;
  /** What a download costs, in words; a test weighs the files. */
  bytes: Record<Variant, string>;
}

/** The letters of all names make the larger part of a fillable PDF, whatever its edition. */
const bytes = { fillable: "約3MB", printable: "約0.1MB" };

export const editions: Record<Edition, EditionWords> = {
  family: {
    title: "家族用",
    forWhom: "ご家族、祖父母、お子さんを預かってくださる方、病院の方",
    summary:
      "お子さんのことをひととおり書いておく、もとになる一冊です。はじめにこれを書くと、ほかの二つは写すだけで済みます。",
    pages: 12,
    bytes,
  },
  school: {
    title: "学校用",
    forWhom: "担任の先生、養護教諭、園の先生、学童保育の方",
    summary:
      "学校や園で一日を過ごすために要ることだけをまとめます。家でのくすりや、きょうだいのことなどは入っていません。",
    pages: 8,
    bytes,
  },
  emergency: {
    title: "緊急時用",
    forWhom: "そのときそばにいる方、救急隊の方、はじめての病院の方",
    summary: "表と裏の一枚です。何をして、だれに電話し、何を伝えるかだけを、大きな字で書きます。",
    pages: 2,
    bytes,
  },
};

/** Name of a PDF's file, such as "family-fillable.pdf". */
export const bookName = (edition: Edition, variant: Variant): string => `${edition}-${variant}.pdf`;

/** Name of the picture of an edition's first page, such as "family.webp". */
export const editionPictureName = (edition: Edition): string => `${edition}.webp`;

export const editionNames = Object.keys(editions) as readonly Edition[];

/** Every edition with every variant, in the order in which they are offered. */
export const books: readonly { edition: Edition; variant: Variant }[] = editionNames.flatMap((edition) =>
  (Object.keys(variants) as Variant[]).map((variant) => ({ edition, variant })),
);

interface InEditions {
  /** The editions in which it stands; in all of the section's where absent. */
  only?: readonly Edition[];
}

/** A table whose numbered rows may be more in one edition than in another. */
type BookTable = Omit<BookletTable, "rows"> & { rows: readonly string[] | Record<Edition, number> };
export type BookBlock = (Fields | BookTable | Ticks | Text) & InEditions;

export interface BookSection extends Omit<BookletSection, "blocks"> {
  in: readonly Edition[];
  /** Editions without its lead: it is for whoever writes, and these are read in a hurry. */
  leadNotIn?: readonly Edition[];
  blocks: readonly BookBlock[];
}

/** Stands at the head of every edition. */
export const headFields: readonly Field[] = [
  { id: "written", label: "書いた日", asks: "この版を書いた日" },
  { id: "next", label: "次に見直す日", asks: "次に見直す日", hint: "半年後" },
  { id: "writer", label: "書いた人", asks: "この版を書いた人" },
];

/** What to look through each half year; printed in the family's edition, and on the public page. */
export const halfYearly: readonly string[] = [
  "呼ばれたい名前、学年と組、担任の先生",
  "連絡する人の順番と電話番号（一度かけて確かめる）",
  "病院、主治医、夜間と休日の連絡先",
  "くすりの名前、量、時間（お薬手帳とくらべる）",
  "体重（くすりの量に関わります）",
  "アレルギーと、使えないくすり",
  "医療機器の設定、予備、電源、連絡先",
  "いつもとちがうときの手順（受診のときに主治医に見てもらう）",
  "学校でできること（学校生活管理指導表と同じか）",
  "友だちに伝える言葉（本人がいまもそれでよいか）",
  "本人の気持ち（本人に読んでもらい、いっしょに直す）",
  "渡した人（古い版を返してもらい、新しい版を渡す）",
];
