/** The pages with the results of surveys. */

import { brotliCompressSync } from "node:zlib";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { prepareSurvey, publishSurvey, storeSurvey } from "#api/surveys/publish.ts";
import { prepareSampleSurvey } from "#api/surveys/sample.ts";
import { getSurvey } from "#api/surveys/surveys.ts";
import { db, transaction } from "#db/client.ts";
import { surveys } from "#db/schema/surveys.ts";
import { surveyIn } from "../api/survey-tables/tables.ts";
import { beReal, beSample } from "../real-site.ts";
import { unread } from "./furigana.ts";
import { elements, foreign, gaps, words } from "./html.ts";
import { broken, site } from "./stored.ts";

const sample = "/surveys/schools-2026";
const pageOf = async (key: string) => {
  site.pages.invalidate();
  await site.pages.refresh();
  return (await site.pages.get(key))?.bodies.plain.toString() ?? "";
};

beforeAll(async () => {
  const prepared = await prepareSampleSurvey(new Date("2026-11-28T03:00Z"));
  await transaction((tx) => storeSurvey(tx, prepared, true));
});

describe.each([sample, "/surveys", "/guides"])("%s", (path) => {
  test("runs no script, names no other host, opens no gap, fits in 20 KB, and every link leads somewhere", async () => {
    const html = await pageOf(path);
    expect(elements(html, "script", "iframe")).toEqual([]);
    expect(html).not.toMatch(/<[^>]+\s(?:style|on[a-z]+)=/u);
    expect(foreign(html)).toEqual([]);
    expect(gaps(html)).toEqual([]);
    expect(brotliCompressSync(html).length).toBeLessThanOrEqual(20 * 1024);
    expect(elements(html, "h1")).toHaveLength(1);
    expect(broken(html).filter((link) => !link.startsWith("/surveys"))).toEqual([]);
  });

  test("has readings over every word", async () => {
    const html = await pageOf(`${path}?furigana`);
    expect(unread(html)).toEqual([]);
    expect(gaps(html)).toEqual([]);
  });
});

test("the page shows every number of the table, and bars of the same lengths that are not read aloud", async () => {
  const html = await pageOf(sample);
  const { results } = await getSurvey("schools-2026");
  for (const { text, rows, answers } of results.questions) {
    const table = new RegExp(`<caption[^>]*>${text}</caption>(.*?)</table>`, "su").exec(html)?.[1] ?? "";
    const counts = rows.map(({ count }) => count);
    const shown = [...table.matchAll(/<td class="number"[^>]*>([^<]*)</gu)].map(([, cell]) => cell);
    const expected = counts.flatMap((count) => {
      if (count === "few") return ["10校未満", "－"];
      return typeof count === "number"
        ? [`${count}校`, `${((100 * count) / answers).toFixed(1)}%`]
        : ["記録なし", "－"];
    });
    expect(shown.slice(0, expected.length)).toEqual(expected);
    const lengths = elements(table, "rect").map(({ width = "" }) => Number.parseFloat(width));
    const told = counts.filter((count) => typeof count === "number");
    expect(lengths.filter((_, at) => at % 2 === 0)).toEqual(told.map(() => 100));
    for (const [at, count] of told.entries())
      expect(Math.abs((lengths[at * 2 + 1] ?? 0) - (100 * count) / answers)).toBeLessThanOrEqual(0.005);
  }
  expect(
    elements(html.replace(/<header.*<\/header>/su, ""), "svg").filter((tag) => tag["aria-hidden"] !== "true"),
  ).toEqual([]);
  expect(words(html)).toContain("|計||268校||100%|");
  expect(words(html)).not.toMatch(/\|[78]校\|/u);
});

test("what is typed into a table is shown as the characters it is", async () => {
  const marks = '<b onclick="x">&amp;"</b>';
  const lines = [`区分${marks},家族${marks},40,注記${marks}`.replaceAll('"', "'")];
  await publishSurvey(await prepareSurvey(surveyIn(lines, { アドレス: "marks", 題名: "<i>題</i>" })));
  const html = await pageOf("/surveys/marks");
  await db.delete(surveys).where(eq(surveys.slug, "marks"));
  const body = html.slice(html.indexOf("<body"));
  expect(body.match(/<[bi][\s>][^>]*>/u)).toBeNull();
  expect(body.match(/&lt;b onclick=/gu)?.length).toBeGreaterThanOrEqual(3);
});

test("the invented survey is marked, and shown while the installation is the sample", async () => {
  expect(words(await pageOf(sample))).toContain("見本のための、架空の調査です。");
  expect(words(await pageOf("/surveys"))).toContain("見本のための、架空の調査です。");
  beReal();
  expect([(await pageOf("/surveys")).length, (await pageOf(sample)).length]).toEqual([0, 0]);
  expect(elements(await pageOf("/guides"), "a").filter(({ href = "" }) => href.startsWith("/surveys"))).toEqual([]);
  beSample();
});
