import { brotliCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { organisation } from "#db/terms.ts";
import { elements, gaps, pages, paths, unlabelled } from "./built.ts";

/** Rendered per request, so not among the built files (see guides.test.ts). */
const rendered = new Set([
  ...["/newsletter", "/guides", "/guides/learning-in-hospital", "/guides/welcoming-a-child-with-illness"],
]);

test("the public pages are the ones we know of", () => {
  expect([...pages.keys()].filter((path) => !path.startsWith("/newsletter")).toSorted()).toEqual([
    "/",
    "/404",
    "/500",
    "/consultation",
    "/privacy",
  ]);
});

describe.each([...pages])("%s", (_, html) => {
  test("runs no script, sets no cookie, carries no inline style attribute or handler", () => {
    expect(elements(html, "script", "iframe", "object", "embed", "video")).toEqual([]);
    expect(html).not.toMatch(/http-equiv="?(?:set-cookie|refresh)/iu);
    expect(html).not.toMatch(/<[^>]+\s(?:style|on[a-z]+)=/u);
  });

  test("names no other host", () => {
    expect(html.match(/(?:https?:)?\/\/[\w.-]+\.\w+[^"\s]*/gu)).toBeNull();
    expect(html).not.toMatch(/@import|@font-face|url\(/u);
  });

  test("links only to what exists, fragments too", () => {
    const links = elements(html, "a", "link", "img", "form").map(
      (tag) => tag["href"] ?? tag["src"] ?? tag["action"] ?? "",
    );
    const broken = links.filter((link) => {
      const [target = "", fragment] = link.split("#") as [string, string?];
      if (fragment !== undefined && target === "") return !html.includes(`id="${fragment}"`);
      const path = target.replace(/\?.*$/u, "");
      return !target.startsWith("tel:") && !paths.has(path) && !rendered.has(path);
    });
    expect(broken).toEqual([]);
  });

  test("is in Japanese, with one first heading, a title of its own and free zoom", () => {
    expect(elements(html, "html")).toEqual([{ lang: "ja" }]);
    expect(elements(html, "h1")).toHaveLength(1);
    const titles = [...pages.values()].map((other) => /<title>([^<]*)/u.exec(other)?.[1]);
    expect(titles.filter((title) => title === /<title>([^<]*)/u.exec(html)?.[1])).toHaveLength(1);
    expect(html).toContain('name="viewport" content="width=device-width, initial-scale=1"');
  });

  test("opens no gap inside a Japanese sentence", () => {
    expect(gaps(html)).toEqual([]);
  });

  test("labels every control, points at descriptions that exist, repeats no id, cuts nothing off", () => {
    expect(unlabelled(html)).toEqual([]);
    const ids = [...html.matchAll(/\sid="([^"]+)"/gu)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    const described = [...html.matchAll(/aria-(?:describedby|labelledby)="([^"]+)"/gu)].flatMap(([, to = ""]) =>
      to.split(" "),
    );
    expect(described.filter((id) => !ids.includes(id))).toEqual([]);
    expect(html).not.toContain("maxlength");
  });

  test("ends with the phone, its hours, and the word that all is invented", () => {
    expect(html).toContain('href="tel:0860000000"');
    expect(html).toContain(organisation.hours.label);
    expect(html).toContain(organisation.invented);
  });

  test("fits in 20 KB, style included", () => {
    expect(brotliCompressSync(html).length).toBeLessThanOrEqual(20 * 1024);
  });
});

test("search engines may keep what is for everyone, and nothing else", () => {
  const kept = [...pages].filter(([, html]) => html.includes('content="index, follow"')).map(([path]) => path);
  expect(kept.filter((path) => !path.startsWith("/newsletter")).toSorted()).toEqual(["/", "/consultation", "/privacy"]);
});

test("the landing page leads to the form three times: at first sight, after the steps, at the end", () => {
  const buttons = elements(pages.get("/") ?? "", "a").filter((link) => link["class"]?.includes("button"));
  expect(buttons.map((link) => link["href"])).toEqual(["/consultation", "/consultation", "/consultation"]);
});

test("the checks themselves notice what they look for", () => {
  expect(gaps("<body><p>長い\n入院</p>")).toEqual(["長い\n入院"]);
  expect(gaps("<body><p>長い <a>入院</a></p><p>次 10:00</p>")).toEqual(["長い 入院"]);
  expect(unlabelled('<input id="a"><label for="b"></label><select id="b"></select><input>')).toHaveLength(2);
});
