import { brotliCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { langOf, wordsIn } from "#db/words/words.ts";
import { beReal, beSample } from "../real-site.ts";
import { elements, foreign, gaps, localeOf, unlabelled } from "./html.ts";
import { broken, pages, site } from "./stored.ts";

test("the public pages are the ones we know of", () => {
  expect([...pages.keys()].toSorted()).toEqual([
    "/",
    "/404",
    "/500",
    "/?headline=learning",
    "/?headline=professionals",
    "/?headline=siblings",
    "/about",
    "/accessibility",
    "/advertising",
    "/consultation",
    "/consultation/professional",
    "/consultation/relatives",
    "/consultation/return",
    "/consultation/teens",
    "/easy",
    "/easy/about",
    "/easy/accessibility",
    "/easy/advertising",
    "/easy/consultation",
    "/easy/consultation/professional",
    "/easy/consultation/relatives",
    "/easy/consultation/return",
    "/easy/consultation/teens",
    "/easy/events",
    "/easy/faq",
    "/easy/guides",
    "/easy/guides/learning-in-hospital",
    "/easy/guides/welcoming-a-child-with-illness",
    "/easy/help",
    "/easy/newsletter",
    "/easy/numbers",
    "/easy/people",
    "/easy/privacy",
    "/easy/professionals",
    "/easy/stories",
    "/easy/teens",
    "/en",
    "/en/about",
    "/en/accessibility",
    "/en/advertising",
    "/en/consultation",
    "/en/consultation/professional",
    "/en/consultation/relatives",
    "/en/consultation/return",
    "/en/consultation/teens",
    "/en/events",
    "/en/faq",
    "/en/guides",
    "/en/guides/learning-in-hospital",
    "/en/guides/welcoming-a-child-with-illness",
    "/en/help",
    "/en/newsletter",
    "/en/numbers",
    "/en/people",
    "/en/privacy",
    "/en/professionals",
    "/en/stories",
    "/en/teens",
    "/events",
    "/faq",
    "/guides",
    "/guides/learning-in-hospital",
    "/guides/welcoming-a-child-with-illness",
    "/help",
    "/news",
    "/newsletter",
    "/numbers",
    "/people",
    "/privacy",
    "/professionals",
    "/stories",
    "/support-book",
    "/teens",
  ]);
});

describe.each([...pages])("%s", (path, html) => {
  const { contact, site } = wordsIn(localeOf(path));

  test("runs no script, sets no cookie, carries no inline style attribute or handler", () => {
    expect(elements(html, "script", "iframe", "object", "embed", "video")).toEqual([]);
    expect(html).not.toMatch(/http-equiv="?(?:set-cookie|refresh)/iu);
    expect(html).not.toMatch(/<[^>]+\s(?:style|on[a-z]+)=/u);
  });

  test("loads nothing from another host", () => {
    expect(foreign(html)).toEqual([]);
    expect(html).not.toMatch(/@import|@font-face|url\((?!#)/u);
  });

  test("names its telephone in its own language", () => {
    const labels = [...html.matchAll(/<a href="tel:0860000000"><span class="visually-hidden">([^<]*) <\/span>/gu)];
    expect(labels.filter(([, label]) => label !== contact.phoneLabel)).toEqual([]);
  });

  test("links only to what exists, fragments too", () => {
    expect(broken(html)).toEqual([]);
  });

  test("says its language, has one first heading, a title of its own and free zoom", () => {
    expect(elements(html, "html")[0]?.["lang"]).toBe(langOf(localeOf(path)));
    expect(elements(html, "h1")).toHaveLength(1);
    const titles = [...pages.values()].map((other) => /<title>([^<]*)/u.exec(other)?.[1]);
    // The landing page and its variants are one page at one address.
    const sharing = path === "/" || path.startsWith("/?headline=") ? 4 : 1;
    expect(titles.filter((title) => title === /<title>([^<]*)/u.exec(html)?.[1])).toHaveLength(sharing);
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
    expect(html).toContain(contact.hours);
    expect(html).toContain(site.invented);
  });

  test("fits in 20 KB, style included", () => {
    expect(brotliCompressSync(html).length).toBeLessThanOrEqual(20 * 1024);
  });
});

test("search engines may keep what is for everyone, and nothing else; of a site that is not real yet, nothing at all", async () => {
  const listed = (html: string) => html.includes('content="index, follow"');
  expect([...pages].filter(([, html]) => listed(html))).toEqual([]);
  beReal();
  const hidden: string[] = [];
  for (const path of pages.keys()) {
    const request = new Request(`http://localhost:3000${path}`);
    const page = await site.render(request, {}).catch(() => undefined);
    if (!page || !listed(await page.text())) hidden.push(path);
  }
  beSample();
  // What only the sample has is no page of a real site.
  const invented = ["", "/easy", "/en"].flatMap((language) =>
    ["/events", "/people", "/stories"].map((page) => language + page),
  );
  // Nor are the numbers, which an organisation publishes only once it has said so.
  const numbers = ["/numbers", "/easy/numbers", "/en/numbers"];
  expect(hidden.toSorted()).toEqual(["/404", "/500", ...invented, "/news", ...numbers].toSorted());
});

test("the landing page has one button, at first sight and at the end; each worry leads to the form with its topic", () => {
  const links = elements(pages.get("/") ?? "", "a");
  const of = (name: string) => links.filter((link) => link["class"] === name).map((link) => link["href"]);
  expect(of("lamp")).toEqual(["/consultation", "/consultation"]);
  const topics = ["schooling", "return_to_school", "home_medical", "siblings", "work_money", "peer", "advice"];
  const doors = [
    ...topics.map((topic) => `/consultation?topic=${topic}`),
    "/consultation/professional",
    "/consultation",
  ];
  expect(of("door")).toEqual(doors);
});

test("the checks themselves notice what they look for", () => {
  expect(gaps("<body><p>長い\n入院</p>")).toEqual(["長い\n入院"]);
  expect(gaps("<body><p>長い <a>入院</a></p><p>次 10:00</p>")).toEqual(["長い 入院"]);
  expect(unlabelled('<input id="a"><label for="b"></label><select id="b"></select><input>')).toHaveLength(2);
});
