/** Where nobody knows who reads: the pages of unknown addresses and of links that lead nowhere. */

import { describe, expect, test } from "vitest";
import { wordsIn } from "#db/words/words.ts";
import { application } from "../app.ts";
import { withoutReadings } from "./html.ts";

const app = await application();

const open = async (path: string) => {
  const answer = await app.request(path, { headers: { accept: "text/html" } });
  return { status: answer.status, html: (await answer.text()).replaceAll("<wbr>", "") };
};

/** The part in this language below the Japanese page. */
const partIn = (html: string, lang: "ja" | "en") =>
  new RegExp(`<section lang="${lang}">.*?</section>`, "su").exec(html)?.[0] ?? "";

describe("a link that is none", () => {
  const { ja, easy, en } = { ja: wordsIn("ja"), easy: wordsIn("easy"), en: wordsIn("en") };
  test.each([
    ["/newsletter/confirm/x", [ja, easy, en].map((words) => words.subscription.confirm.titles.unknown)],
    ["/newsletter/preferences/x", [ja, easy, en].map((words) => words.subscription.preferences.unknownTitle)],
    ["/u/x", [ja, easy, en].map((words) => words.subscription.leave.titles.unknown)],
    ["/consultation/receipt/x", [ja, easy, en].map((words) => words.receipt.missing.title)],
    ["/guides/received/x", [ja, easy, en].map((words) => words.guides.received.goneTitle)],
    ["/d/x", [ja, easy, en].map((words) => words.missing.title)],
    ["/nowhere", [ja, easy, en].map((words) => words.missing.title)],
  ])("%s is explained in Japanese, and below in easy Japanese and in English", async (path, titles) => {
    const { status, html } = await open(path);
    expect(status).toBe(404);
    expect(html).toMatch(/<html lang="ja"/u);
    expect(html).toContain(`<h1>${titles[0]}</h1>`);
    expect(withoutReadings(partIn(html, "ja"))).toContain(titles[1]);
    expect(partIn(html, "ja")).toMatch(/href="\/easy[/"]/u);
    expect(partIn(html, "en")).toContain(titles[2]);
    expect(partIn(html, "en")).toMatch(/href="\/en[/"]/u);
  });
});

describe("an address at which nothing is", () => {
  test.each(["/en/nowhere", "/en/x?furigana"])("%s is answered in English alone", async (path) => {
    const { status, html } = await open(path);
    expect([status, /<html lang="(\w+)"/u.exec(html)?.[1]]).toEqual([404, "en"]);
    expect(html).toContain(`<h1>${wordsIn("en").missing.title}</h1>`);
    expect(partIn(html, "ja")).toBe("");
    expect(html).toContain('href="/en/consultation"');
  });

  test("is answered in easy Japanese, with readings unless none are wanted", async () => {
    const { status, html } = await open("/easy/nowhere");
    expect(status).toBe(404);
    expect(withoutReadings(html)).toContain(wordsIn("easy").missing.why);
    expect(html).toContain("<rt");
    const plain = (await open("/easy/nowhere?plain")).html;
    expect(plain).toContain(wordsIn("easy").missing.why);
    expect(plain).not.toContain("<rt");
  });

  test("an address that only begins like a language is a Japanese one", async () => {
    expect((await open("/english")).html).toContain(`<h1>${wordsIn("ja").missing.title}</h1>`);
  });
});

describe("a form that could not be received", () => {
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    app.request(path, {
      method: "POST",
      headers: { accept: "text/html", "content-type": "application/x-www-form-urlencoded", ...headers },
      body,
    });

  test.each([
    ["/consultation", "ja"],
    ["/easy/consultation", "easy"],
    ["/en/consultation", "en"],
  ] as const)("sent to %s is explained in that language", async (path, locale) => {
    const { problems, missing, contact } = wordsIn(locale);
    const tooLong = await post(path, `message=${"a".repeat(70_000)}`);
    const said = withoutReadings(await tooLong.text()).replaceAll("<wbr>", "");
    expect(tooLong.status).toBe(413);
    expect(said).toMatch(new RegExp(`<html lang="${locale === "en" ? "en" : "ja"}"`, "u"));
    expect(said).toContain(`<h1>${problems.tooLong.title}</h1>`);
    expect(said).toContain(problems.tooLong.detail);
    expect(said).toContain(contact.hours);
    expect(said).toContain(missing.start);
    const foreign = await post(path, "message=x", { "sec-fetch-site": "cross-site" });
    expect([foreign.status, withoutReadings(await foreign.text()).includes(problems.forbidden.detail)]).toEqual([
      403,
      true,
    ]);
  });
});
