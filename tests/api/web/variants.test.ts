import { describe, expect, test } from "vitest";
import { type Published, replacePublished } from "#api/published/published.ts";
import { db } from "#db/client.ts";
import { clicks } from "#db/schema/attribution.ts";
import type { Locale } from "#db/terms/locale.ts";
import { siteOf } from "./built-by-hand.ts";

const page = (name: string) => `<p>${name}</p><a href="/guides">g</a>`;
const pages = {
  "/": page("home"),
  "/about": page("about"),
  "/en": page("English"),
  "/easy/about": page("easy about"),
  "/404": page("404"),
};
const headline = (slug: string, locale: Locale, gids: string[], campaigns: string[]) => ({
  ...{ id: slug, slug, locale, origin: "staff" as const, kind: "headline" as const, revisionNo: 1 },
  facts: { gids: gids.join("\n"), campaigns: campaigns.join("\n"), to_professional: "" },
  body: { headline: slug, lead: slug },
  ...{ shownFrom: null, shownTo: null, lastDay: null },
});
replacePublished({
  texts: [
    headline("school", "ja", ["123"], ["school"]),
    headline("hospital", "ja", ["__proto__", "123"], ["juken"]),
    headline("english", "en", ["77"], []),
    { ...headline("later", "ja", ["88"], []), shownFrom: Date.now() + 3_600_000 },
    { ...headline("over", "ja", ["89"], []), shownTo: Date.now() - 1 },
  ],
  pictures: {},
} as unknown as Published);
const { ask } = await siteOf({ pages, files: { "icon.svg": "<svg/>" } });
const shown = async (path: string) => /<p>(.*?)<\/p>/u.exec(await (await ask(path)).text())?.[1];

test.each([
  ["/?furigana", "home, furigana"],
  ["/?furigana=off", "home, furigana"],
  ["/?x=1&furigana", "home, furigana"],
  ["/?Furigana", "home"],
  ["/?x=furigana", "home"],
  ["/about", "about"],
  ["/about?furigana", "about, furigana"],
  ["/about/?furigana", "about, furigana"],
  ["/en?furigana", "English"],
  ["/rendered?furigana", "rendered"],
  ["/?gid=123", "home, school"],
  ["/?gid=123&furigana", "home, school, furigana"],
  ["/?gid=123&utm_campaign=juken", "home, school"],
  ["/?gid=9&utm_campaign=juken", "home, hospital"],
  ["/?utm_campaign=juken&furigana", "home, hospital, furigana"],
  ["/?gid=juken", "home"],
  ["/?utm_campaign=123", "home"],
  ["/?gid=", "home"],
  ["/?gid=school", "home"],
  ["/?headline=school", "home"],
  ["/?gid=../about", "home"],
  ["/?gid=constructor&utm_campaign=toString", "home"],
  ["/?utm_campaign=__proto__", "home"],
  ["/about?gid=123", "about"],
  ["/en?gid=123", "English"],
  ["/en?gid=77", "English, english"],
  ["/?gid=77", "home"],
  ["/?gid=88", "home"],
  ["/?gid=89", "home"],
])("%s shows: %s", async (path, name) => {
  expect(await shown(path)).toBe(name);
});

test.each(["/landing/school", "/about.html", "/about~furigana", "/about%3Ffurigana", "/404", "/404/", "/index"])(
  "%s has no address of its own",
  async (path) => {
    const answer = await ask(path, { accept: "text/html" });
    const last = answer.status === 308 ? await ask(answer.headers.get("location") ?? "") : answer;
    expect(last.status).toBe(404);
  },
);

test("a landing variant counts as the landing, has a policy, and carries the click", async () => {
  const answer = await ask("/?gid=123&kw=a");
  expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; style-src; frame-ancestors 'none'");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await answer.text()).toMatch(/href="\/guides\?c=[\w-]{43}"/u);
  expect(await db.select({ path: clicks.path, adGroupId: clicks.adGroupId }).from(clicks)).toContainEqual({
    path: "/",
    adGroupId: "123",
  });
});

describe("a slash at the end", () => {
  test("of a stored page changes nothing", async () => {
    for (const method of ["GET", "HEAD"])
      for (const path of ["/about", "/en", "/easy/about", "/icon.svg"]) {
        const [with_, without] = [await ask(`${path}/`, {}, method), await ask(path, {}, method)];
        expect([path, with_.status, await with_.text()]).toEqual([path, 200, await without.text()]);
        expect(with_.headers.get("etag")).toBe(without.headers.get("etag"));
      }
  });

  test.each([
    ["/rendered/", "/rendered"],
    ["/rendered/?furigana&x=%E3%81%82", "/rendered?furigana&x=%E3%81%82"],
    ["/rendered/a-b_c.d/", "/rendered/a-b_c.d"],
    ["/rendered/?next=//evil.example/", "/rendered?next=//evil.example/"],
  ])("of another page leads from %s to %s", async (path, location) => {
    for (const method of ["GET", "HEAD"]) {
      const answer = await ask(path, {}, method);
      expect([answer.status, answer.headers.get("location")]).toEqual([308, location]);
    }
    expect((await ask(path, {}, "POST")).status).not.toBe(308);
  });

  test.each([
    "//evil.example/",
    "/\\evil.example/",
    "///evil.example/",
    "/a//evil.example/",
    "/%2fevil.example/",
    "//",
  ])("%s leads nowhere else", async (path) => {
    const answer = await ask(path);
    const location = answer.headers.get("location") ?? "/";
    expect(new URL(location, "https://us.example/").origin).toBe("https://us.example");
    expect(location).not.toContain("//");
  });
});
