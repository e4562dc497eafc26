/** The page with the numbers of closed quarters, in three languages. */

import { brotliCompressSync } from "node:zlib";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { insertSampleNumbers } from "#api/numbers/sample.ts";
import { shownField } from "#api/settings/forms.ts";
import { db } from "#db/client.ts";
import { NotFound } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { publishedQuarters } from "#db/schema/published-numbers.ts";
import { settingsChanges } from "#db/schema/settings.ts";
import { replaceSettings, sampleValues, settings, settingsFrom } from "#db/settings/settings.ts";
import { codes } from "#db/terms/codes.ts";
import { locale as locales } from "#db/terms/locale.ts";
import type { QuarterNumbers } from "#db/terms/published-numbers.ts";
import { settingWords } from "#db/words/staff/settings.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import { get, member, postForm, signIn } from "../api/requests.ts";
import { beSample } from "../real-site.ts";
import { unread } from "./furigana.ts";
import { elements, foreign, gaps, words } from "./html.ts";
import { broken, plainKey, site } from "./stored.ts";

/** Rendered now: the store may give out the copy before for a moment. Empty where there is no such page. */
async function pageOf(path: string): Promise<string> {
  try {
    return (await (await site.render(new Request(`http://localhost:3000${path}`), {}))?.text()) ?? "";
  } catch (error) {
    if (error instanceof NotFound) return "";
    throw error;
  }
}
/** The cells of each table of a page, row by row. */
const tablesOf = (html: string) =>
  [...html.matchAll(/<tbody.*?<\/tbody>/gsu)].map(([body]) =>
    [...body.matchAll(/<tr.*?<\/tr>/gsu)].map(([row]) =>
      words(row)
        .split("|")
        .map((cell) => cell.trim())
        .filter(Boolean),
    ),
  );
const be = (publish_numbers: boolean) => replaceSettings(settingsFrom({ ...sampleValues, publish_numbers }, "real", 1));
const linksTo = (html: string, path: string) =>
  elements(html, "a").filter(({ href }) => href === plainKey(path)).length;

beforeAll(async () => {
  await insertSampleNumbers(db, new Date("2026-11-28T03:00:00Z"));
});
beforeEach(beSample);

describe.each(codes(locales))("%s", (locale) => {
  const path = pathIn(locale, "/numbers");

  test("runs no script, names no other host, opens no gap, fits in 20 KB, and every link leads somewhere", async () => {
    const html = await pageOf(plainKey(path));
    expect(elements(html, "script", "iframe")).toEqual([]);
    expect(html).not.toMatch(/<[^>]+\s(?:style|on[a-z]+)=/u);
    expect(foreign(html)).toEqual([]);
    expect(gaps(html)).toEqual([]);
    expect(brotliCompressSync(html).length).toBeLessThanOrEqual(20 * 1024);
    expect(elements(html, "h1")).toHaveLength(1);
    expect(broken(html)).toEqual([]);
  });

  test("says that the sample's numbers are invented, how it is counted, that it stays and why small numbers are not told", async () => {
    const said = words(await pageOf(plainKey(path)));
    const { invented, lead, consultations, guides, answers, notes } = wordsIn(locale).numbers;
    for (const sentence of [invented, lead, consultations.about, guides.about, answers.about, notes.frozen])
      expect(said).toContain(sentence);
    expect(said).toContain(notes.small(10));
  });

  test("the page about the organisation leads to it, while it is there", async () => {
    const about = plainKey(pathIn(locale, "/about"));
    expect(linksTo(await pageOf(about), path)).toBe(1);
    be(false);
    expect(linksTo(await pageOf(about), path)).toBe(0);
  });

  test("without a closed quarter it says when there will be one", async () => {
    be(true);
    const html = await pageOf(plainKey(path));
    expect(words(html)).toContain(wordsIn(locale).numbers.empty);
    expect(elements(html, "table")).toEqual([]);
  });

  test("is not there while it is off, nor is it listed for search engines", async () => {
    const listed = async () => (await (await get("/sitemap.xml")).text()).includes(`${path}<`);
    be(true);
    expect([(await get(path)).status, await listed()]).toEqual([200, true]);
    be(false);
    expect([(await pageOf(path)).length, await listed()]).toEqual([0, false]);
  });
});

test("the newest quarter stands first, small numbers in words, and bars are as long as the numbers told", async () => {
  const html = await pageOf("/numbers");
  const [autumn, summer, spring, winter] = ["2026年7〜9月", "2026年4〜6月", "2026年1〜3月", "2025年10〜12月"];
  expect(tablesOf(html)).toEqual([
    [
      [autumn, "47件"],
      [summer, "52件"],
      [spring, "41件"],
      [winter, "34件"],
    ],
    [
      [autumn, "81件"],
      [summer, "73件"],
      [spring, "58件"],
      [winter, "10件未満"],
    ],
    [
      [autumn, "47件", "1日以内"],
      [summer, "43件以上", "1日以内"],
      [spring, "31件", "1日以内"],
      [winter, "24件", "2日以内"],
    ],
  ]);
  const widths = elements(html.slice(html.indexOf("<table")), "rect").map(({ width = "" }) => Number.parseFloat(width));
  const lengths = widths.filter((_, at) => at % 2 === 1);
  const expected = [47 / 52, 1, 41 / 52, 34 / 52, 1, 73 / 81, 58 / 81, 1, 43 / 52, 31 / 41, 24 / 34];
  expect(lengths.map((length) => length / 100)).toEqual(expected.map((share) => expect.closeTo(share, 4)));
});

test("the Japanese page has readings over every word", async () => {
  expect(unread(await pageOf("/numbers?furigana"))).toEqual([]);
  expect(unread(await pageOf("/easy/numbers"))).toEqual([]);
});

test("invented numbers and the organisation's own never stand on one page", async () => {
  const numbers: QuarterNumbers = {
    ...{ threshold: 10, since: "2026-08-15", consultations: 1234, guides: 0, inTime: "few", halfWithinDays: 0 },
  };
  await db.insert(publishedQuarters).values({ quarter: "2026-Q2", numbers, publishedAt: new Date() });
  expect(words(await pageOf("/numbers"))).not.toContain("1,234");
  be(true);
  const html = await pageOf("/numbers");
  const label = ["2026年7〜9月", "8月15日から"];
  expect(tablesOf(html)).toEqual([[[...label, "1,234件"]], [[...label, "0件"]], [[...label, "10件未満", "その日"]]]);
  expect(words(html)).not.toContain(wordsIn("ja").numbers.invented);
  expect(tablesOf(await pageOf("/en/numbers"))[2]).toEqual([
    ["July to September 2026", "from 15 August", "fewer than 10", "same day"],
  ]);
});

test("a manager switches the page on where the setting says what is published, and when", async () => {
  const cookie = await signIn(await member("manager"));
  const path = "/staff/settings/promises";
  const page = await (await get(path, { cookie })).text();
  const [box] = elements(page, "input").filter(({ name }) => name === "publish_numbers");
  expect(box).toMatchObject({ type: "checkbox", "aria-describedby": "publish_numbers-hint" });
  expect(box).not.toHaveProperty("checked");
  expect(words(page)).toContain(settingWords.publish_numbers.hint);
  await postForm(path, { shown: shownField(["publish_numbers"], {}), publish_numbers: "on" }, { cookie });
  expect(settings().given.publish_numbers).toBe(true);
  await postForm(path, { shown: shownField(["publish_numbers"], { publish_numbers: true }) }, { cookie });
  expect(settings().given.publish_numbers).toBe(false);
});

test("a manager of a real site sees what the quarter that runs would say", async () => {
  const cookie = await signIn(await member("manager"));
  be(false);
  const change = { setId: newId(), key: "stage", after: "real", changedAt: new Date(), how: "made_real" } as const;
  await db.insert(settingsChanges).values(change);
  const shown = words(await (await get("/staff/settings/promises", { cookie })).text());
  expect(shown).toMatch(/\|届いた相談\|+0件\|+お渡しした資料\|+0件\|+約束の日に間に合った\|+載せません\|/u);
});
