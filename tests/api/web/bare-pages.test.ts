/** Pages that only a form leads to, opened by themselves: none claims what has not happened. */

import { describe, expect, test } from "vitest";
import { codes } from "#db/terms/codes.ts";
import { locale } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";
import { elements, words } from "../../site/html.ts";
import { get, postForm, rowCounts } from "../requests.ts";

const open = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await get(path, { headers: { accept: "text/html", ...headers } });
  const html = await answer.text();
  return { status: answer.status, html, text: words(html), location: answer.headers.get("location"), answer };
};

describe("opened by itself", () => {
  test.each(["/consultation/check", "/consultation/change"])("%s leads to the form, which says why", async (path) => {
    expect(await open(path)).toMatchObject({ status: 303, location: "/consultation?lost" });
    expect(await open(`${path}?furigana`)).toMatchObject({ status: 303, location: "/consultation?lost&furigana" });
    const token = "A".repeat(43);
    expect((await open(`${path}?c=${token}`)).location).toBe(`/consultation?lost&c=${token}`);
  });

  test.each([
    ["ja", undefined],
    ["ja", "ja,en-US;q=0.9"],
    ["en", "en-GB,en;q=0.9,ja;q=0.8"],
    ["en", "vi"],
  ] as const)(
    "they lead to the form in %s for a browser that reads %s, which is empty and claims no consent",
    async (spoken, accepts) => {
      const { location } = await open("/consultation/check", accepts && { "accept-language": accepts });
      const { status, html, text } = await open(location ?? "");
      const { form } = wordsIn(spoken);
      expect(status).toBe(200);
      expect(text).toContain(form.lost);
      expect(text).not.toContain(form.check.agreed);
      expect(html).toContain('<textarea id="message" name="message"');
      expect(elements(html, "form").map(({ action }) => action)).toEqual(["/consultation/check"]);
      expect(elements(html, "input").filter((input) => "checked" in input)).toEqual([]);
      expect(html).not.toContain('error-summary"');
    },
  );

  test("every language says that nothing has come", () => {
    expect(new Set(codes(locale).map((code) => wordsIn(code).form.lost)).size).toBe(3);
  });

  test.each(["/problem", "/500", "/404", "/500?furigana", "/404?furigana"])(
    "%s is a page that is not there",
    async (path) => {
      const { status, html } = await open(path);
      const text = html.replaceAll(/<(rp|rt)\b[^>]*>.*?<\/\1>|<[^>]*>/gsu, "");
      expect(status).toBe(404);
      expect(text).toContain("見つかりません");
      for (const claim of ["うまくいきませんでした", "こちらの不具合", "ただいま表示できません"])
        expect(text).not.toContain(claim);
    },
  );

  test("the page after asking for the newsletter leads to the form, which says why", async () => {
    const { status, location } = await open("/newsletter/requested");
    expect([status, location]).toEqual([303, "/newsletter?lost"]);
    const { text } = await open("/newsletter?lost");
    expect(text).toContain("もう残っていません");
    expect(text).not.toMatch(/お送りしました|受け付けました/u);
  });

  test.each([
    ...["/consultation", "/consultation/professional", "/guides/learning-in-hospital", "/consultation/return"],
    ...["/easy/guides/learning-in-hospital", "/en/guides/learning-in-hospital", "/easy/newsletter", "/en/newsletter"],
  ])("a kept page of %s that is gone leads to the empty form, which says so", async (form) => {
    expect((await open(`${form}/kept/${"A".repeat(43)}`)).location).toBe(`${form}?lost`);
    const [bare, lost] = [await open(form), await open(`${form}?lost`)];
    const note = /<div class="note" tabindex="-1" autofocus><div role="status"><strong>/u;
    expect([note.test(bare.html), note.test(lost.html), lost.status]).toEqual([false, true, 200]);
    expect(elements(lost.html, "link").find(({ rel }) => rel === "canonical")?.["href"]).toMatch(
      new RegExp(`${form}$`, "u"),
    );
  });

  test("looking changes nothing", async () => {
    const before = await rowCounts();
    for (const path of ["/consultation/check", "/consultation?lost", "/newsletter/requested"]) await open(path);
    expect(await rowCounts()).toEqual(before);
  });
});

describe("an answer to a form, which Back cannot bring back", () => {
  const forms = /^(?:\/(?:easy|en))?\/(?:consultation(?:\/professional|\/return)?|newsletter)$/u;
  const linksOf = (html: string) =>
    elements(html.replaceAll(/<form\b.*?<\/form>/gsu, "").replace(/<main\b.*<\/main>/su, ""), "a")
      .map(({ href = "" }) => href)
      .filter((href) => forms.test(href));
  const answers = codes(locale).flatMap((spoken): [string, string, Record<string, string>][] => [
    [`${spoken} refused`, "/consultation/check", { locale: spoken, message: "ねむれません。" }],
    [`${spoken} changed`, "/consultation/change", { locale: spoken, message: "ねむれません。" }],
    [`${spoken} return refused`, `${spoken === "ja" ? "" : `/${spoken}`}/consultation/return`, { reference: "x" }],
  ]);

  test.each([
    ...answers,
    ["professional", "/consultation/check", { asker: "professional", locale: "ja", message: "相談です。" }],
    ["guide", "/guides/learning-in-hospital", { email: "x", guide: "learning-in-hospital" }],
    ["newsletter", "/newsletter", { email: "x" }],
    ["guide in English", "/en/guides/learning-in-hospital", { email: "x", locale: "en" }],
    ["newsletter in English", "/en/newsletter", { email: "x", locale: "en" }],
  ] as [string, string, Record<string, string>][])(
    "%s: nothing around it leads to an empty form",
    async (_, path, fields) => {
      const html = await (await postForm(path, fields)).text();
      expect(linksOf(html)).toEqual([]);
      expect(html).toContain('href="tel:');
      expect(html).not.toContain("残っていません");
    },
  );
});

test.each([
  "/consultation",
  "/consultation/return",
  "/consultation?lost",
  "/guides/learning-in-hospital",
  "/newsletter",
])("%s, an empty form for everybody, may be kept by the browser, so that Back keeps what was typed", async (path) => {
  const { answer } = await open(path);
  expect(answer.headers.get("cache-control")).toBe("private, no-cache");
});

test("what was typed is never kept on the way back to it", async () => {
  for (const path of ["/consultation/check", "/consultation/change", "/consultation/return", "/newsletter"])
    expect((await postForm(path, { message: "ねむれません。" })).headers.get("cache-control")).toBe("no-store");
});
