import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { resolveMarks, sayOpening } from "#api/web/marks.ts";
import { env } from "#db/env.ts";
import { siteOf } from "./built-by-hand.ts";

const hours =
  "<p><!--open-->受付中<!--closed-->次は__NEXT_OPENING_ja__ / __NEXT_OPENING_easy__ / __NEXT_OPENING_en__<!--/hours--></p>";

test.each([
  ["Friday, a minute before opening", "2026-11-20T09:59", "<p>次は今日 / 今日 / today</p>"],
  ["the minute of opening", "2026-11-20T10:00", "<p>受付中</p>"],
  ["the last minute", "2026-11-20T16:59", "<p>受付中</p>"],
  [
    "closed, a weekend and a holiday ahead",
    "2026-11-20T17:00",
    "<p>次は11月24日（火） / 11月24日（火） / Tuesday 24 November</p>",
  ],
  ["the holiday, the day before", "2026-11-23T12:00", "<p>次はあした / あした / tomorrow</p>"],
  ["Monday evening", "2026-11-16T20:00", "<p>次はあした / あした / tomorrow</p>"],
  ["the year-end closing", "2026-12-29T12:00", "<p>次は1月4日（月） / 1月4日（月） / Monday 4 January</p>"],
])("the phone's hours, %s", (_, at, read) => {
  expect(resolveMarks(hours, new Date(`${at}+09:00`))).toBe(read);
});

test("a part with an end is kept through its last day in Japan, and not a second longer", () => {
  const text = "a<!--until:2026-12-05--><b>事例</b><!--/until-->c<!--until:2027-01-01-->d<!--/until-->";
  expect(resolveMarks(text, new Date("2026-12-05T23:59:59+09:00"))).toBe("a<b>事例</b>cd");
  expect(resolveMarks(text, new Date("2026-12-06T00:00:00+09:00"))).toBe("acd");
  expect(resolveMarks(text, new Date("2027-01-02T00:00:00+09:00"))).toBe("ac");
});

test("hours inside a part with an end, and ends inside hours", () => {
  const dated = "<!--until:2026-12-05-->x<!--/until-->";
  const at = (text: string, day: string) => resolveMarks(text, new Date(`${day}T12:00+09:00`));
  expect(at(`<!--until:2026-12-05-->${hours}<!--/until-->`, "2026-11-20")).toBe("<p>受付中</p>");
  expect(at(`<!--until:2026-12-05-->${hours}<!--/until-->`, "2026-12-06")).toBe("");
  expect(at(`<!--open-->${dated}<!--closed-->b<!--/hours-->`, "2026-11-20")).toBe("x");
  expect(at(`<!--open-->${dated}<!--closed-->b<!--/hours-->`, "2026-12-07")).toBe("");
});

test("what people wrote is text, and no pattern of a replacement", () => {
  const text = "<!--open-->$& $1<!--closed-->$'<!--/hours--><!-- open --><!--other-->";
  expect(resolveMarks(text, new Date("2026-11-20T12:00+09:00"))).toBe("$& $1<!-- open --><!--other-->");
});

test.each([
  "<!--open-->a<!--/hours-->",
  "<!--closed-->a",
  "<!--until:2026-12-05-->a",
  "a<!--/until-->",
  "<!--until:soon-->a<!--/until-->",
  "<!--open-->a<!--closed-->b<!--/hours-->__NEXT_OPENING_en__",
])("%s stops the start, naming the file", async (text) => {
  await expect(siteOf({ "broken.html": text })).rejects.toThrow(
    /broken\.html cannot be served: A page holds the mark/u,
  );
});

test.each([
  ["2026-11-20", "2026-11-20", "今日", "today"],
  ["2026-12-01", "2026-11-30", "あした", "tomorrow"],
  ["2027-01-04", "2026-12-28", "1月4日（月）", "Monday 4 January"],
])("%s seen from %s is %s, %s", (day, today, ja, en) => {
  expect([sayOpening(day, today, false), sayOpening(day, today, true)]).toEqual([ja, en]);
});

describe("a served page", () => {
  const dated = "<!--until:2026-11-20-->催し<!--/until-->";
  const files = {
    "index.html": `<a href="/about">b</a>${hours}${dated}`,
    "consultation.html": `<input name="key" value="__FORM_KEY__">${hours}`,
    "about.html": "<p>the same at any hour</p>",
    "404.html": hours,
  };

  test("reads as the hour has it, in every encoding, and its tag changes only when it reads differently", async () => {
    const { ask, setClock } = await siteOf(files);
    const seen = async (path: string) => {
      const read: string[] = [];
      const openers = { br: brotliDecompressSync, gzip: gunzipSync, identity: (body: Buffer) => body };
      for (const [encoding, open] of Object.entries(openers)) {
        const answer = await ask(path, { "accept-encoding": encoding });
        read.push(open(Buffer.from(await answer.arrayBuffer())).toString());
        read.push(answer.headers.get("etag") ?? "");
      }
      expect(new Set(read).size).toBe(2);
      return read[1];
    };
    const tags: Record<string, (string | undefined)[]> = { "/": [], "/about": [] };
    for (const at of ["20T10:00", "20T16:59", "20T17:00", "20T23:59", "21T00:00", "22T00:00", "24T10:00"]) {
      setClock(`2026-11-${at}+09:00`);
      for (const [path, list] of Object.entries(tags)) list.push(await seen(path));
    }
    const [open, later, closed, night, saturday, sunday, tuesday] = tags["/"] ?? [];
    expect([later, night, sunday]).toEqual([open, closed, saturday]);
    expect(new Set([open, closed, saturday, tuesday]).size).toBe(4);
    expect(new Set(tags["/about"]).size).toBe(1);
  });

  test("known to a browser, it is sent again once it reads differently", async () => {
    const { ask, setClock } = await siteOf(files);
    const etag = (await ask("/")).headers.get("etag") ?? "";
    expect((await ask("/", { "if-none-match": etag })).status).toBe(304);
    setClock("2026-11-20T17:00+09:00");
    const again = await ask("/", { "if-none-match": etag });
    expect([again.status, (await again.text()).includes("Tuesday 24 November")]).toEqual([200, true]);
  });

  test("with a form or as a refusal it reads as the hour has it too", async () => {
    const { ask, setClock } = await siteOf(files);
    for (const [at, said] of [
      ["2026-11-20T12:00+09:00", "<p>受付中</p>"],
      ["2026-11-23T12:00+09:00", "<p>次はあした / あした / tomorrow</p>"],
    ] as const) {
      setClock(at);
      for (const path of ["/consultation", "/nothing"]) {
        const text = await (await ask(path, { accept: "text/html" })).text();
        expect([path, text]).toEqual([path, expect.stringContaining(said)]);
        expect(text).not.toMatch(/<!--|__/u);
      }
    }
  });

  test("rendered for a request it may hold a person's words, which stay as they were written", async () => {
    const typed = `${hours}${dated}__ORIGIN__/x<!--open-->__NEXT_OPENING_ja__`;
    const { ask } = await siteOf(files, typed);
    expect(await (await ask("/rendered")).text()).toBe(typed);
  });
});

test("our own address stands where the build left a mark for it", async () => {
  const { ask } = await siteOf({
    "index.html": '<link rel="canonical" href="__ORIGIN__/"><meta content="__ORIGIN__/og.png">',
    "pages.xml": "<loc>__ORIGIN__/easy</loc>",
    "robots.txt": "Sitemap: __ORIGIN__/sitemap.xml",
    "icon.svg": "<svg>__ORIGIN__</svg>",
  });
  const text = async (path: string) => (await ask(path)).text();
  const us = env.PUBLIC_ORIGIN;
  expect(await text("/")).toBe(`<link rel="canonical" href="${us}/"><meta content="${us}/og.png">`);
  expect(await text("/pages.xml")).toBe(`<loc>${us}/easy</loc>`);
  expect(await text("/robots.txt")).toBe(`Sitemap: ${us}/sitemap.xml`);
  expect(await text("/icon.svg")).toBe("<svg>__ORIGIN__</svg>");
});
