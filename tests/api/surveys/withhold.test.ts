import fc from "fast-check";
import { expect, test } from "vitest";
import { withholdSmall } from "#api/surveys/withhold.ts";
import { surveyIn } from "../survey-tables/tables.ts";

/** Rows of the first question as "label: count". */
function rows(lines: string[], threshold: number, changed: Record<string, string> = {}): string[] {
  const [question] = withholdSmall(surveyIn(lines, changed), threshold).questions;
  return (question?.rows ?? []).map(({ label, choices, count }) => `${[label, ...choices].join("・")}: ${count}`);
}

const desk = [
  ...["区分,居宅介護支援事業所,29,", ",医療機関,20,", ",地域住民,10,", ",包括支援センター,3,", ",訪問看護,2,"],
  ...[",グループホーム,2,", ",障がい者支援センター,1,", ",小規模多機能施設,1,"],
];
const put = "数の少ないものの合計";
const none = "無回答・記録なし";

test("what is missing to the answers is shown as not recorded, and nothing where nothing is missing", () => {
  expect(rows(["区分,家族,40,", ",学校,28,"], 3)).toEqual(["家族: 40", "学校: 28", `${none}: 1`]);
  expect(rows(["区分,家族,40,", ",学校,29,"], 3)).toEqual(["家族: 40", "学校: 29"]);
  // Said by the table, and what is missing besides, are one.
  expect(rows(["区分,家族,40,", ",学校,20,", ",無回答,5,"], 3)).toEqual(["家族: 40", "学校: 20", `${none}: 9`]);
});

test("a blank is not 0: it is told as not recorded, and its answers are among those that are missing", () => {
  expect(rows(["区分,家族,40,", ",学校,,", ",病院,0,"], 3)).toEqual([
    "家族: 40",
    "学校: unrecorded",
    "病院: 0",
    `${none}: 29`,
  ]);
});

test("small counts are one row that is not small, together with those without an answer", () => {
  const small = "包括支援センター・訪問看護・グループホーム・障がい者支援センター・小規模多機能施設";
  expect(rows(desk, 5)).toEqual([
    ...["居宅介護支援事業所: 29", "医療機関: 20", "地域住民: 10"],
    `${put}・${small}・${none}: 10`,
  ]);
  expect(rows(["区分,家族,40,", ",学校,25,", ",病院,4,"], 5)).toEqual(["家族: 40", `${put}・学校・病院: 29`]);
});

test("a question of which nothing could be told but small counts has no row", () => {
  expect(rows(["区分,家族,66,", ",学校,3,"], 5)).toEqual([]);
  expect(rows(["区分,家族,4,", ",計,4,"], 5, { 答えた数: "69" })).toEqual([]);
});

test("of several answers each small count is told as such, and so is what only a few did not choose", () => {
  const lines = [
    "困りごと（複数回答）,学習,69,",
    ",友だち,60,",
    ",体調,59,",
    ",学費,10,",
    ",住まい,9,",
    ",なし,0,",
    ",不明なこと,,",
  ];
  expect(rows(lines, 10)).toEqual([
    ...["学習: 69", "友だち: nearly_all", "体調: 59", "学費: 10", "住まい: few", "なし: 0", "不明なこと: unrecorded"],
  ]);
});

test("of so few answers that either word would say how many, no small count is told in words", () => {
  const lines = ["困りごと（複数回答）,学習,10,", ",体調,1,", ",住まい,11,", ",なし,0,", ",計,11,"];
  expect(rows(lines, 10, { 答えた数: "11" })).toEqual(["学習: withheld", "体調: withheld", "住まい: 11", "なし: 0"]);
});

test("shares are of those who answered the question; a few who did not count among them", () => {
  const answers = (total: number) =>
    withholdSmall(surveyIn(["困りごと（複数回答）,学習,30,", `,計,${total},`]), 10).questions[0]?.answers;
  expect([answers(59), answers(60), answers(69)]).toEqual([59, 69, 69]);
  const [few] = withholdSmall(surveyIn(["困りごと（複数回答）,学習,9,", ",計,9,"]), 10).questions;
  expect(few).toMatchObject({ answers: 0, rows: [] });
});

test("whatever the counts, the rows of a question with one answer add up and none that was chosen is small", () => {
  const counts = fc.array(fc.oneof(fc.nat(30), fc.nat(300)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(counts, fc.nat(20), fc.integer({ min: 3, max: 20 }), (chosen, missing, threshold) => {
      const answered = chosen.reduce((sum, count) => sum + count, missing);
      const lines = chosen.map((count, at) => `${at === 0 ? "区分" : ""},項目${at},${count},`);
      const survey = surveyIn(lines, { 送った数: "", 答えた数: String(answered) });
      const [question] = withholdSmall(survey, threshold).questions;
      const told = question?.rows ?? [];
      const sum = told.reduce((all, { count }) => all + (typeof count === "number" ? count : 0), 0);
      if (told.length > 0) expect(sum).toBe(answered);
      const small = told.filter(
        ({ kind, count }) => kind !== "none" && typeof count === "number" && count > 0 && count < threshold,
      );
      expect(small).toEqual([]);
    }),
  );
});
