/** Every public page, found by following links and by filling in every form: what holds for all of them. */

import { beforeAll, expect, test } from "vitest";
import { loadSample } from "#api/sample/sample.ts";
import { picturePath } from "#db/settings/brand.ts";
import { settings } from "#db/settings/settings.ts";
import { wordsIn } from "#db/words/words.ts";
import { pageWeights } from "../bench/weigh.ts";
import { beReal } from "../real-site.ts";
import { elements, gaps } from "../site/html.ts";
import { markupErrors } from "./markup.ts";
import { pagesBehindForms } from "./pages-behind-forms.ts";
import { crawl, encoded, entrances, isHtml, linksOf, type Page } from "./public-pages.ts";
import { startAppAndBrowser } from "./setup.ts";

const { app, browser, mailServer } = await startAppAndBrowser();

/** What links lead to, by path; pages and files. */
let found: Map<string, Page>;
/** For everybody, without the doubles that readings and advertisements make. */
let open: Page[];
/** What only a form or a mail leads to. */
let passing: Page[];
let every: Page[];

beforeAll(async () => {
  await loadSample();
  beReal();
  found = await crawl(app.origin, await entrances(app.origin));
  const pages = [...found.values()].filter(isHtml);
  open = pages.filter(({ path }) => !path.includes("?"));
  passing = await pagesBehindForms(app.origin, mailServer);
  every = [...pages, ...passing];
}, 120_000);

/** Faults of each page under its name; empty when there are none. */
const faults = (look: (page: Page) => unknown[], pages = every) =>
  pages.flatMap((page) => look(page).map((fault) => `${page.name}: ${String(fault)}`));

test("the pages are the ones we know of, and each answers as it should", () => {
  expect(open.map(({ path }) => path).toSorted()).toEqual([
    "/",
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
    "/easy/faq",
    "/easy/guides",
    "/easy/guides/learning-in-hospital",
    "/easy/guides/welcoming-a-child-with-illness",
    "/easy/help",
    "/easy/newsletter",
    "/easy/privacy",
    "/easy/professionals",
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
    "/en/faq",
    "/en/guides",
    "/en/guides/learning-in-hospital",
    "/en/guides/welcoming-a-child-with-illness",
    "/en/help",
    "/en/newsletter",
    "/en/privacy",
    "/en/professionals",
    "/en/teens",
    "/faq",
    "/guides",
    "/guides/learning-in-hospital",
    "/guides/welcoming-a-child-with-illness",
    "/help",
    "/newsletter",
    "/newsletter/sample-1",
    "/newsletter/sample-2",
    "/newsletter/sample-3",
    "/privacy",
    "/professionals",
    "/support-book",
    "/teens",
  ]);
  expect([...found.values()].filter(({ status }) => status !== 200).map(({ path, status }) => [path, status])).toEqual(
    [],
  );
  const inThree = (name: string, status: number) =>
    ["ja", "easy", "en"].map((locale) => [`${locale}: ${name}`, status]);
  expect(Object.fromEntries(passing.map(({ name, status }) => [name, status]))).toEqual(
    Object.fromEntries([
      ...["receipt", "check", "change", "opened", "written on"].flatMap((name) => inThree(name, 200)),
      ...["wrong", "return, wrong", "written on, wrong"].flatMap((name) => inThree(name, 422)),
      ...inThree("no receipt", 404),
      ["return, too many tries", 429],
      ["professional, wrong", 422],
      ["professional, check", 200],
      ...inThree("guide received", 200),
      ...inThree("guide, wrong", 422),
      ...inThree("guide, time over", 410),
      ...inThree("guide link, time over", 410),
      ...inThree("newsletter, wrong", 422),
      ...inThree("newsletter requested", 200),
      ...inThree("newsletter to confirm", 200),
      ...inThree("newsletter confirmed", 200),
      ["newsletter confirmation unknown", 404],
      ...inThree("newsletter preferences", 200),
      ...inThree("newsletter preferences saved", 200),
      ...inThree("newsletter leaving", 200),
      ...inThree("newsletter left", 200),
      ...inThree("newsletter leaving one list", 200),
      ...inThree("newsletter left one list", 200),
      ...inThree("newsletter reason, wrong", 422),
      ["newsletter way out unknown", 404],
      ["issue withdrawn", 410],
      ["nowhere", 404],
      ["too long", 413],
      ["the page for what broke", 500],
    ]),
  );
});

test("no page runs a script, carries a handler, a style attribute or a style sheet to fetch, or sets a cookie", () => {
  const look = ({ html, cookies }: Page) => [
    ...cookies,
    ...elements(html, "script", "iframe", "object", "embed", "video", "audio").map(() => "runs something"),
    ...elements(html, "link").flatMap((link) => (link["rel"] === "stylesheet" ? [link["href"]] : [])),
    ...(html.match(/<[^>]+\s(?:style|on[a-z]+)=|href="\s*javascript:|http-equiv="?(?:set-cookie|refresh)/giu) ?? []),
    ...(html.match(/@import|@font-face|url\((?!#)/gu) ?? []),
  ];
  expect(faults(look)).toEqual([]);
});

test("no mark of the build reaches a reader", () => {
  const look = ({ html }: Page) => html.match(/__[A-Z_]+(?:_\w+)?__|<!--(?:open|closed|until|\/)[^>]*/gu) ?? [];
  expect(faults(look)).toEqual([]);
});

test("every link, form and picture leads somewhere, its fragment too", async () => {
  const ids = (html: string) => new Set([...html.matchAll(/\sid="([^"]+)"/gu)].map(([, id]) => id));
  const posts = new Set(elementsOf(every, "form").concat(elementsOf(every, "button")));
  const look = (page: Page) =>
    linksOf(page, app.origin).flatMap((link) => {
      if (link.origin !== app.origin) return allowed.has(link.host) ? [] : [link.href];
      const { pathname, search, hash } = link;
      const target = pathname === page.path ? page : (found.get(pathname + search) ?? found.get(pathname));
      if (target && hash !== "" && !ids(target.html).has(hash.slice(1))) return [`${link.href}: no such place`];
      if (target || posts.has(pathname) || isOfThisPerson(page, pathname)) return [];
      return [`${link.href}: nobody found it`];
    });
  expect(faults(look)).toEqual([]);
});

/** Other hosts that a page may lead to: the channel and the film of the sample. */
const allowed = new Set(["line.example.jp", "video.example.jp"]);
const elementsOf = (pages: Page[], name: string) =>
  pages
    .flatMap(({ html }) => elements(html, name))
    .map((tag) => (tag["action"] ?? tag["formaction"] ?? "").replace(/[#?].*$/u, ""));
/** Links with a token in them: the journeys follow those. */
const isOfThisPerson = ({ path }: Page, target: string) =>
  target === path.replace(/\?.*$/u, "") ||
  /^\/(?:d|u|newsletter\/(?:confirm|preferences)|consultation\/receipt|guides\/received)\//u.test(target);

test("each page says its language, has one first heading, and a title of its own", () => {
  const look = ({ html, name }: Page) => {
    const lang = /^\/en\b|^en:(?! no receipt)/u.test(name) ? "en" : "ja";
    return [
      ...(elements(html, "html")[0]?.["lang"] === lang ? [] : ["language"]),
      ...(elements(html, "h1").length === 1 ? [] : ["first heading"]),
      ...(elements(html, "main").length === 1 ? [] : ["main"]),
      ...(html.includes('name="viewport" content="width=device-width, initial-scale=1"') ? [] : ["zoom"]),
    ];
  };
  expect(faults(look)).toEqual([]);
  const titles = open.map(titleOf);
  expect(titles.filter((title, at) => title === "" || titles.indexOf(title) !== at)).toEqual([]);
});

const titleOf = ({ html }: Page) => /<title>([^<]*)/u.exec(html)?.[1] ?? "";
const metaOf = ({ html }: Page, name: string) =>
  elements(html, "meta").find((tag) => tag["name"] === name)?.["content"];
const alternates = ({ html }: Page) =>
  Object.fromEntries(
    elements(html, "link")
      .filter(({ rel }) => rel === "alternate")
      .map(({ hreflang = "feed", href = "" }) => [hreflang, href]),
  );
const canonical = ({ html }: Page) => elements(html, "link").find(({ rel }) => rel === "canonical")?.["href"];

test("search engines may keep what is for everyone at its one address, and nothing that is somebody's", () => {
  expect(faults((page) => (metaOf(page, "robots") === "index, follow" ? [] : ["hidden"]), open)).toEqual([]);
  expect(faults((page) => (metaOf(page, "robots") === "noindex, nofollow" ? [] : ["shown"]), passing)).toEqual([]);
  expect(faults((page) => [canonical(page)].filter((href) => href !== undefined), passing)).toEqual([]);
  const pages = every.filter((page) => !passing.includes(page));
  const own = ({ path }: Page) => `${app.origin}${path.replace(/\?.*$/u, "")}`;
  expect(faults((page) => (canonical(page) === own(page) ? [] : [canonical(page)]), pages)).toEqual([]);
});

test("every page says to programs who we are and how to reach us; what is shared has a picture that exists", async () => {
  const kinds = ["https://schema.org/NGO", "https://schema.org/ContactPoint"];
  expect(
    faults(({ html }) => kinds.filter((kind) => !elements(html, "div").some(({ itemtype }) => itemtype === kind))),
  ).toEqual([]);
  const telephones = ({ html }: Page) =>
    elements(html, "meta")
      .filter(({ itemprop }) => itemprop === "telephone")
      .map(({ content }) => content);
  expect(new Set(every.flatMap(telephones))).toEqual(new Set(["+81-86-000-0000"]));
  const pictures = new Set(
    open.flatMap(({ html }) =>
      elements(html, "meta").flatMap(({ property, content }) => (property === "og:image" ? [content ?? ""] : [])),
    ),
  );
  expect([...pictures]).toEqual([app.origin + picturePath("/og.png")]);
  const picture = await fetch([...pictures][0] ?? "");
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/png"]);
});

test("the pages that exist in Japanese and English name each other", () => {
  const pairs = open
    .filter((page) => alternates(page)["en"] !== undefined)
    .map((page) => {
      const { feed: _feed, ...languages } = alternates(page);
      return [page.path, languages];
    });
  const both = (path: string) => {
    const ja = app.origin + path;
    const en = `${app.origin}/en${path === "/" ? "" : path}`;
    return { ja, en, "x-default": ja };
  };
  const inBoth = [
    ...["/", "/consultation", "/faq", "/privacy", "/about", "/help", "/advertising", "/accessibility", "/newsletter"],
    ...["/guides", "/guides/learning-in-hospital", "/guides/welcoming-a-child-with-illness"],
    ...["/consultation/relatives", "/consultation/teens", "/consultation/professional", "/teens", "/professionals"],
  ];
  expect(Object.fromEntries(pairs)).toEqual(
    Object.fromEntries(
      inBoth.flatMap((path) => [path, both(path).en.replace(app.origin, "")].map((at) => [at, both(path)])),
    ),
  );
});

test("every page ends with the same ways to a person, in the same order", () => {
  const kindOf = (href = "") => {
    if (href === "tel:0860000000") return "phone";
    if (href.startsWith("tel:")) return "line";
    return /^\S*\/consultation(?:\/(?:teens|professional))?(?:\?(?:furigana|plain))?$/u.test(href) ? "form" : "channel";
  };
  // Whoever is writing to us is offered no empty form (tests/journeys/back-button.test.ts, tests/api/web/bare-pages.test.ts).
  const isWriting = ({ html, status, fields }: Page) =>
    /action="\/consultation(?:\/check|\?send)/u.test(html) ||
    (fields !== undefined && status !== 404 && status !== 413);
  const order = (page: Page) => {
    const block = /<aside class="contact.*?<\/aside>/su.exec(page.html)?.[0] ?? "";
    const isShort = block.startsWith('<aside class="contact in-night short"');
    if (isWriting(page) && !isShort) return ["a button beside what somebody writes"];
    const kinds = elements(block, "a").map(({ href }) => kindOf(href));
    // Of the national lines, professionals are shown the one for children at risk.
    const isProfessional = /\/professional/u.test(page.path) || page.fields?.["asker"] === "professional";
    const all = isProfessional ? ["line"] : ["line", "line", "line", "line"];
    const lines = block.includes('class="status"') ? all : [];
    const expected = [...(isShort ? [] : ["form"]), "phone", "channel", ...lines].join(" ");
    return kinds.join(" ") === expected ? [] : [kinds.join(" ")];
  };
  expect(faults(order)).toEqual([]);
  const hours = [wordsIn("ja"), wordsIn("easy"), wordsIn("en")].map(({ contact }) => contact.hours);
  const look = ({ html }: Page) =>
    html.includes(settings().phone) && hours.some((said) => bare(html).includes(said)) ? [] : ["no phone or hours"];
  expect(faults(look)).toEqual([]);
});

/** A pause for screen readers is no visible gap; and between family name and given name one belongs. */
const heardOnly = /<span class="visually-hidden">[^<]*<\/span>/gu;

/** The text without the readings over it. */
const bare = (html: string) => html.replaceAll(/<r([tp])\b[^>]*>[^<]*<\/r\1>|<\/?ruby>/gu, "");

test("no page opens a gap inside a Japanese sentence", () => {
  const look = ({ html }: Page) =>
    gaps(html.replaceAll(heardOnly, "")).filter((gap) => !/見本 \p{sc=Hiragana}/u.test(gap));
  expect(faults(look)).toEqual([]);
});

test("html-validate finds nothing in any page", async () => {
  expect(await markupErrors(every)).toEqual([]);
});

test("a phone pays little for any page, meets no other host, and keeps nothing", async () => {
  const places = every
    .filter(({ path }) => !path.includes("furigana"))
    .map(({ name, path, fields }) => ({ name, path, ...(fields && { body: encoded(fields) }) }));
  const weights = await pageWeights(browser, app.origin, places);
  const { host } = new URL(app.origin);
  const heavy = weights.filter(
    ({ html, total, requests, kinds, hosts, kept }) =>
      html === 0 ||
      total <= html ||
      html > 20 * 1024 ||
      total > 100 * 1024 ||
      requests > 6 ||
      kinds.some((kind) => kind !== "document" && kind !== "image") ||
      hosts.some((one) => one !== host) ||
      kept.length > 0,
  );
  expect(heavy).toEqual([]);
  expect(weights.length).toBeGreaterThan(70);
}, 180_000);
