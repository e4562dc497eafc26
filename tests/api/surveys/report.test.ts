import { PDFiumLibrary } from "@hyzyla/pdfium";
import { PDFDocument } from "pdf-lib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { wrapText } from "#api/drawings/lines.ts";
import { type SurveyBlock, pagesOf } from "#api/surveys/blocks.ts";
import { prepareSurvey, publishSurvey } from "#api/surveys/publish.ts";
import { insertSampleSurvey, prepareSampleSurvey } from "#api/surveys/sample.ts";
import { db, transaction } from "#db/client.ts";
import { surveys } from "#db/schema/surveys.ts";
import { beReal, beSample } from "../../real-site.ts";
import { get } from "../requests.ts";
import { surveyIn } from "../survey-tables/tables.ts";

let library: PDFiumLibrary;
beforeAll(async () => {
  library = await PDFiumLibrary.init();
});
afterAll(() => library.destroy());

/** The text of a PDF page by page, and a colour of its first page. */
async function opened(pdf: Buffer) {
  const document = await library.loadDocument(pdf);
  const texts = [...document.pages()].map((page) => page.getText());
  const { data, width, height } = await document.getPage(0).render({ scale: 1 });
  const colours = Array.from({ length: width * height }, (_, at) => data.subarray(at * 4, at * 4 + 3).join());
  document.destroy();
  return { texts, width, colours };
}

/** Lengths in pixels of the runs of one colour, a run of each height once. */
function runsOf({ width, colours }: Awaited<ReturnType<typeof opened>>, colour: string): number[] {
  const lengths: number[] = [];
  for (let y = 0; y * width < colours.length; y++) {
    const length = colours.slice(y * width, (y + 1) * width).filter((one) => one === colour).length;
    if (length > 8) lengths.push(length);
  }
  return lengths;
}

test("the PDF holds every number, has a title and a language, and its bars are as long as the shares", async () => {
  const lines = ["区分,家族,30,", ",学校,15,", "困りごと（複数回答）,学習,60,", ",学費,2,"];
  const { report } = await prepareSurvey(surveyIn(lines, { 答えた数: "60" }), new Date("2026-11-28T03:00Z"));
  const document = await PDFDocument.load(report.content);
  expect([document.getTitle(), document.getPageCount()]).toEqual(["学校へのおたずね", report.pages]);
  const found = await opened(report.content);
  const text = found.texts.join("\n");
  const said = [
    "県内の学校",
    "100校",
    "60校（60.0%）",
    "2026年11月28日",
    "30校",
    "50.0%",
    "15校",
    "25.0%",
    "無回答・記録なし",
  ];
  for (const words of [...said, "10校未満", "架空の見本", "086-000-0000"]) expect(text).toContain(words);
  expect(text).not.toContain("2校\n");
  // Blue of the choices: 30, 15 and 60 of 60. Each bar is several pixels high.
  const [family = 0, school = 0, learning = 0] = [...new Set(runsOf(found, "0,85,173"))];
  expect(family / learning).toBeCloseTo(0.5, 1);
  expect(school / learning).toBeCloseTo(0.25, 1);
});

test("the sample's PDF says on its first page that it is invented, and is downloaded without an address", async () => {
  const prepared = await prepareSampleSurvey(new Date());
  const { texts } = await opened(prepared.report.content);
  expect(texts[0]).toContain("この調査は架空のものです。");
  await publishSurvey(prepared);
  const answer = await get("/surveys/schools-2026/report.pdf");
  expect(answer.headers.get("content-type")).toBe("application/pdf");
  expect(answer.headers.get("content-disposition")).toMatch(
    /^attachment; filename="schools-2026\.pdf"; filename\*=UTF-8''%E7/u,
  );
  expect(Buffer.from(await answer.arrayBuffer()).equals(prepared.report.content)).toBe(true);
  for (const path of ["/surveys/none/report.pdf", "/surveys/schools-2026/other.pdf"])
    expect([path, (await get(path)).status]).toEqual([path, 404]);
});

test("an organisation's own survey is in the sitemap, and the sample's of the same name leaves it as it is", async () => {
  expect(await transaction(async (tx) => insertSampleSurvey(tx, await prepareSampleSurvey(new Date())))).toBe(0);
  expect(await db.select({ isSample: surveys.isSample }).from(surveys)).toEqual([{ isSample: false }]);
  beReal();
  const sitemap = await (await get("/sitemap.xml")).text();
  beSample();
  for (const path of ["/surveys", "/surveys/schools-2026"]) expect(sitemap).toContain(`${path}</loc>`);
});

test("a group of blocks that fits on a page is not parted, and no block falls off one", () => {
  const block = (height: number): SurveyBlock => ({ height, draw: () => {} });
  const placed = (groups: number[][]) =>
    pagesOf(groups.map((group) => group.map(block))).map((page) => page.map(({ block: { height } }) => height));
  expect(placed([[400], [200, 200]])).toEqual([[400], [200, 200]]);
  expect(placed([[300], [200, 200]])).toEqual([[300, 200, 200]]);
  expect(placed([[100], [300, 300, 300]])).toEqual([[100, 300, 300], [300]]);
});

test("a line breaks where typesetting allows it, and a number stays with what it counts", () => {
  expect(wrapText("あいう、えお", 3, "Regular").every((line) => !line.startsWith("、"))).toBe(true);
  expect(wrapText("調査の数は412校でした", 6, "Regular").join("|")).toContain("412校");
  expect(wrapText("a".repeat(40), 5, "Regular").join("")).toBe("a".repeat(40));
  expect(wrapText(" ", 5, "Regular")).toEqual([]);
});
