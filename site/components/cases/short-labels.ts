/** Labels that fit a row of a list; the whole ones stand in db/terms. */

import type { CaseRow } from "#api/today/rows.ts";

const shortRelation: Record<NonNullable<CaseRow["relation"]>, string> = {
  parent: "親",
  self: "本人",
  sibling: "きょうだい",
  grandparent: "祖父母・親族",
  school: "学校",
  medical: "医療",
  welfare: "福祉",
  government: "行政",
  other: "その他",
};

const shortStage: Record<NonNullable<CaseRow["schoolStage"]>, string> = {
  before: "就学前",
  elementary: "小学生",
  junior_high: "中学生",
  high: "高校生",
  after: "卒業後",
  unknown: "",
};

export const shortWay = { email: "メール", phone: "電話", site: "サイト", none: "返事不要" } as const;

/** Of requests that are not in ordinary Japanese: the answer is written in the same language. */
export const languageTag = { ja: "", easy: "やさしい", en: "English" } as const;

/** "親・小学生": who asks, and for a child of which age. */
export const aboutWhom = ({ relation, schoolStage }: Pick<CaseRow, "relation" | "schoolStage">): string =>
  [relation && shortRelation[relation], schoolStage && shortStage[schoolStage]].filter(Boolean).join("・");
