import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readSurveyFile } from "#api/survey-tables/read-file.ts";
import { encodings, read, refusalsOf, surveyIn, table } from "./tables.ts";

const kinds = ["区分,家族,29,", ",病院,20,～①㈱と書く人もいます", ",学校,19,"];

test.each(Object.entries(encodings(table(kinds))))("a table in %s is read", (_, bytes) => {
  expect(readSurveyFile(bytes, "x.csv").survey).toEqual({
    ...{ slug: "schools", title: "学校へのおたずね", period: "2026年6月", asked: "県内の学校", unit: "校" },
    ...{ sent: 100, answered: 69, intro: [] },
    questions: [
      {
        ...{ text: "区分", note: "", isMultiple: false, noAnswer: null, total: null },
        choices: [
          { label: "家族", count: 29, note: "" },
          { label: "病院", count: 20, note: "～①㈱と書く人もいます" },
          { label: "学校", count: 19, note: "" },
        ],
      },
    ],
  });
});

test("what is no text, or in no encoding of ours, is refused with what to do", () => {
  const refused = (bytes: Buffer) => readSurveyFile(bytes, "x.csv").refusals;
  expect(refused(Buffer.from([0x50, 0x4b, 3, 4, 1]))).toEqual([
    "Excel のブック（.xlsx）です。表計算ソフトで「CSV」として保存し直してください。",
  ]);
  expect(refused(Buffer.from([0x82, 0xff, 0x2c, 0x31]))).toEqual([
    "文字コードが分かりません。UTF-8 で保存し直してください。",
  ]);
  expect(refused(Buffer.alloc(1024 * 1024 + 1, "a"))).toEqual(["1MB より大きいファイルは、調査の表ではないようです。"]);
  expect(refused(Buffer.from('題名,"開いたまま'))).toEqual([
    'CSV として読めませんでした。引用符（"）が閉じられているか確かめてください。',
  ]);
  expect(refused(Buffer.from("題名,あ\n"))).toEqual(["「設問」「選択肢」「件数」の見出しの行がありません。"]);
});

test("numbers are read in every spelling; a blank, a dash and 不明 are not 0", () => {
  const cells = ['"1,204"', "１２", "0", "", "-", "－", "不明"];
  const lines = cells.map((cell, at) => `${at === 0 ? "使ったもの（複数回答）" : ""},項目${at},${cell},`);
  const survey = surveyIn(lines, { 送った数: "不明", 答えた数: '"1,300"' });
  expect(survey.questions[0]?.choices.map(({ count }) => count)).toEqual([1204, 12, 0, null, null, null, null]);
  expect([survey.sent, survey.answered]).toEqual([null, 1300]);
});

test("lines of a question are found by its name or below it; its total and those without an answer are no choices", () => {
  const lines = ["区分,,,設問についての注記", ",家族,29,", ",無回答,1,", ",計,40,", "学年,小学生,3,", "区分,学校,10,"];
  const [kind, year] = surveyIn(lines).questions;
  expect(kind).toMatchObject({ note: "設問についての注記", noAnswer: 1, total: 40 });
  expect(kind?.choices.map(({ label }) => label)).toEqual(["家族", "学校"]);
  expect(year?.choices).toHaveLength(1);
});

test("a question says by its words that several answers were allowed", () => {
  const questions = ["あ（複数回答）", "い（いくつでも）", "う（３つまで）", "え", "お（ひとつ）"];
  const lines = questions.map((text) => `${text},項目,1,`);
  expect(surveyIn(lines).questions.map(({ isMultiple }) => isMultiple)).toEqual([true, true, true, false, false]);
});

test("what does not add up is refused with question and numbers; what is missing is not", () => {
  expect(refusalsOf(["区分,家族,40,", ",学校,30,"])).toEqual([
    "設問「区分」の件数を足すと 70 で、答えた数 69 より 1 多くなります。いくつも選べる設問なら、設問の終わりに（複数回答）と書いてください。",
  ]);
  expect(refusalsOf(["区分,家族,40,", ",学校,29,", ",無回答,1,"])).toHaveLength(1);
  expect(refusalsOf(["区分,家族,40,", ",学校,29,"])).toEqual([]);
  expect(refusalsOf(["区分,家族,40,", ",学校,28,"])).toEqual([]);
  expect(refusalsOf(["区分,家族,20,", ",学校,20,", ",計,39,"])[0]).toMatch(/足すと 40 で、計 39 より 1 多く/u);
  expect(refusalsOf(["区分,家族,20,", ",計,70,"])).toEqual(["設問「区分」の計が 70 で、答えた数 69 を超えています。"]);
  expect(refusalsOf(["困りごと（複数回答）,学習,69,", ",友だち,60,"])).toEqual([]);
  expect(refusalsOf(["困りごと（複数回答）,学習,70,", ",友だち,60,", ",無回答,80,"])).toEqual([
    "設問「困りごと（複数回答）」の「学習」が 70 で、答えた数 69 を超えています。",
    "設問「困りごと（複数回答）」の「無回答」が 80 で、答えた数 69 を超えています。",
  ]);
  expect(refusalsOf(["区分,家族,,", ",学校,,"])).toEqual(["設問「区分」には、件数が一つもありません。"]);
});

test("a line that cannot be meant so is refused by its number", () => {
  expect(refusalsOf([",家族,29,"])).toEqual(["10行目: 設問がありません。"]);
  expect(refusalsOf(["区分,家族,29校,"])).toEqual([
    "10行目: 件数の「29校」を数として読めません。数だけを書いてください。",
  ]);
  expect(refusalsOf(["区分,,29,"])).toEqual(["10行目: 件数 29 に、選択肢がありません。"]);
  expect(refusalsOf(["区分,家族,1,204"])).toEqual([
    "10行目: 「1,204」は一つの数ですか。桁を区切らずに書いてください。",
  ]);
  expect(refusalsOf(["区分,家族,12,注記,続き"])).toEqual([
    "10行目: 「続き」が見出しのない列にあります。文の中の半角の「,」は、「、」にしてください。",
  ]);
  expect(refusalsOf(["区分,家族,1,", ",家族,2,"])).toEqual(["11行目: 設問「区分」の「家族」が二つあります。"]);
  expect(refusalsOf(["区分,家族,1,", ",計,1,", ",合計,1,"])).toHaveLength(1);
  expect(refusalsOf([`区分,${"あ".repeat(101)},1,`])).toEqual(["10行目: 選択肢は100文字までにしてください。"]);
  expect(refusalsOf([])).toEqual(["設問が一つもありません。"]);
});

test("the head names the survey; what is missing in it, or not known, is said all at once", () => {
  const nothing = { 題名: "", 期間: "", たずねた相手: "", 答えた数: "", アドレス: "学校" };
  expect(refusalsOf(kinds, nothing)).toEqual([
    "「題名」の行がありません。",
    "「期間」の行がありません。",
    "「たずねた相手」の行がありません。",
    "ページのアドレス「学校」は使えません。「アドレス」の行に、英小文字・数字・ハイフンで書いてください（例: schools-2026）。",
    "「答えた数」の行がありません。",
  ]);
  expect(refusalsOf(kinds, { 送った数: "68" })).toEqual(["答えた数 69 が、送った数 68 を超えています。"]);
  expect(refusalsOf(kinds, { 答えた数: "約70" })).toEqual(["「答えた数」の「約70」を数として読めません。"]);
  expect(refusalsOf(kinds, { 期日: "6月" })[0]).toMatch(
    /^8行目の「期日」は分かりません。表の上に書けるのは、アドレス、題名、/u,
  );
  expect(refusalsOf(kinds, { タイトル: "二つめ" })).toEqual(["8行目: 「題名」が二つあります。"]);
  expect(read(table(kinds, { アドレス: "" }), "schools-2026.csv").survey?.slug).toBe("schools-2026");
  expect(surveyIn(kinds, { "説明：": "一つ,二つ" }).intro).toEqual(["一つ,二つ"]);
});

test("the sample's table is read, adds up, and says that it is invented", () => {
  const file = new URL("../../../api/surveys/sample-survey.csv", import.meta.url);
  const { survey } = readSurveyFile(readFileSync(file), "sample-survey.csv");
  expect(survey?.intro.join("")).toContain("この調査は架空のものです。");
  const sums = survey?.questions
    .filter(({ isMultiple }) => !isMultiple)
    .map(({ choices }) => choices.reduce((sum, { count }) => sum + (count ?? 0), 0));
  expect(sums).toEqual([268, 264, 263]);
});
