import { brotliCompressSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { withdrawGuide } from "#api/guides/publish.ts";
import { published, type PublishedText, replacePublished } from "#api/published/published.ts";
import { loadPublished } from "#api/published/store.ts";
import { addStaff } from "#api/staff/add.ts";
import { settings } from "#db/settings/settings.ts";
import { hoursLabel } from "#db/settings/wording.ts";
import { wordsIn } from "#db/words/words.ts";
import { beReal, beSample } from "../real-site.ts";
import { elements, foreign, gaps, localeOf, unlabelled, withoutReadings, words } from "./html.ts";
import { broken, site } from "./stored.ts";

async function visit(
  path: string,
  locals: Partial<App.Locals> = {},
): Promise<{ status: number | undefined; html: string }> {
  const page = await site.render(new Request(`http://localhost:3000${path}`), locals);
  return { status: page?.status, html: withoutReadings((await page?.text()) ?? "") };
}

const one = "/guides/learning-in-hospital";
const other = "/guides/welcoming-a-child-with-illness";

beforeAll(async () => {
  await installBundledGuides();
});

const inThree = (path: string) => [path, `/easy${path}`, `/en${path}`];

describe.each(["/guides", one, other, `${one}?lost`, "/guides/nothing"].flatMap(inThree))("%s", (path) => {
  test("runs no script, names no other host, opens no gap in a sentence, and fits in 20 KB", async () => {
    const { html } = await visit(path);
    expect(elements(html, "script", "iframe")).toEqual([]);
    expect(html).not.toMatch(/<[^>]+\s(?:style|on[a-z]+)=/u);
    expect(foreign(html)).toEqual([]);
    expect(gaps(html)).toEqual([]);
    expect(brotliCompressSync(html).length).toBeLessThanOrEqual(20 * 1024);
  });

  test("has one first heading, a name for every control, the phone, and links that lead somewhere", async () => {
    const { html } = await visit(path);
    expect(elements(html, "h1")).toHaveLength(1);
    expect(unlabelled(html)).toEqual([]);
    expect(html).toContain('href="tel:0860000000"');
    expect(html).toContain(hoursLabel(localeOf(path), settings()));
    // Its own address once more, without readings: nothing is there either.
    expect(broken(html).filter((link) => link !== `${path}?plain`)).toEqual([]);
  });
});

test("the list names each guide, for whom it is, how long and how heavy, since when", async () => {
  const { status, html } = await visit("/guides");
  expect(status).toBe(200);
  expect(words(html)).toContain("入院や療養が続くお子さんのご家族。PDF、6ページ、約162KB、2026年11月20日更新");
  expect(elements(html, "article")).toHaveLength(2);
  expect(html).toContain('content="noindex, nofollow"');
  beReal();
  expect((await visit("/guides")).html).toContain('content="index, follow"');
  beSample();
});

test("the page shows what is in the guide, and its cover, whose place is held before it has come", async () => {
  const { html } = await visit(one);
  const pictures = elements(html, "img").filter((picture) => picture["class"] === "cover");
  expect(pictures).toEqual([
    {
      class: "cover",
      src: expect.stringMatching(/^\/guides\/learning-in-hospital\/preview\.webp\?v=[0-9a-f]{12}$/u) as string,
      alt: "資料「入院中の学びと復学のはじめ方」の表紙",
      width: "240",
      height: "340",
      decoding: "async",
    },
  ]);
  expect(words(html)).toContain("|入院が決まったら、まず三つ|");
  expect(words(html)).toContain("|PDF、6ページ、約162KB|");
});

function without(text: PublishedText): unknown {
  const { title, summary } = text.body as Record<string, string>;
  return { ...text, body: { title, summary } };
}

test("in another language a guide has the words that staff published, and what is in Japanese says so", async () => {
  const english = (await visit(`/en${one}`)).html;
  expect(words(english)).toContain("|Learning in hospital, and going back to school (in Japanese)|");
  expect(elements(english, "h1")[0]?.["lang"]).toBeUndefined();
  expect(english).toContain(wordsIn("en").guides.inJapanese);
  expect(words(english)).toContain("|First three things, once a stay in hospital is certain|");
  expect(words(english)).toContain("|Families whose child will be in hospital or at home for long|");
  expect(elements(english, "ol", "dd").filter(({ lang }) => lang === "ja")).toHaveLength(0);
  expect(words(english)).toContain("|PDF, 6 pages, about 162 KB|");
  expect(words((await visit("/easy/guides")).html)).toContain("|入院しているときの勉強と、学校にもどる準備|");
  // What another release stored has title and summary alone.
  const untold = published().texts.map((text) => (text.kind === "guide" ? without(text) : text));
  replacePublished({ ...published(), texts: untold as PublishedText[] });
  const bare = (await visit(`/en${one}`)).html;
  expect(elements(bare, "h1")[0]?.["lang"]).toBeUndefined();
  expect(elements(bare, "ol", "dd").filter(({ lang }) => lang === "ja")).toHaveLength(2);
  replacePublished({ texts: [], pictures: {} });
  const [list, page, easy] = [await visit("/en/guides"), await visit(`/en${one}`), await visit(`/easy${one}`)];
  expect(elements(list.html, "a").find(({ href }) => href === `/en${one}`)?.["lang"]).toBe("ja");
  expect(words(page.html)).toContain("|入院中の学びと復学のはじめ方|");
  expect(words(page.html)).toContain("|入院が決まったら、まず三つ|");
  expect(elements(page.html, "h1")[0]?.["lang"]).toBe("ja");
  expect(elements(page.html, "ol", "dd").filter(({ lang }) => lang === "ja")).toHaveLength(2);
  expect(elements(easy.html, "h1")[0]?.["lang"]).toBeUndefined();
  await loadPublished();
});

test("the request asks for an address alone, and leaves the newsletter box empty", async () => {
  const { html } = await visit(one);
  const named = elements(html, "input", "select", "textarea").map(({ name }) => name);
  expect(named.toSorted()).toEqual(["consent_text", "email", "guide", "key", "locale", "newsletter", "website"]);
  expect(elements(html, "input").filter((tag) => "checked" in tag)).toEqual([]);
  expect(elements(html, "form").map((tag) => tag["action"])).toEqual([one]);
  expect(html).toContain(wordsIn("ja").consents.guideNewsletter);
});

test("a refused request comes back with what was typed, and a used key makes place for a new one", async () => {
  const typed = { email: "a..b@", newsletter: "true", key: "k" };
  const errors = { email: "メールアドレスの形を確かめてください。" };
  const { html } = await visit("/guides/learning-in-hospital", { form: { values: typed, errors } });
  expect(elements(html, "input").find(({ name }) => name === "email")?.["value"]).toBe("a..b@");
  expect(elements(html, "input").filter((tag) => "checked" in tag)).toHaveLength(1);
  expect(html).toContain("<title>エラー: ");
  const used = { values: typed, errors: { key: "same key, other content" } };
  const again = await visit("/guides/learning-in-hospital", { form: used });
  expect(elements(again.html, "input").find(({ name }) => name === "key")?.["value"]).toBe("__FORM_KEY__");
  expect(again.html).toContain("さきほどの内容は、もう届いています。");
});

test("what never was is a 404, what was withdrawn a 410, and both lead to the list", async () => {
  for (const path of ["/guides/nothing", "/guides/..%2f..%2fetc"]) {
    const { status, html } = await visit(path);
    expect([path, status]).toEqual([path, 404]);
    expect(html).toContain('href="/guides"');
  }
  const manager = { name: "見本", email: "m@example.jp", role: "manager" } as const;
  const { id } = await addStaff({ ...manager, password: "long enough to be a sentence" });
  await withdrawGuide({ ...manager, id }, "welcoming-a-child-with-illness");
  const form = { values: { email: "x" }, errors: { email: "形を確かめてください。" } };
  for (const locals of [undefined, { form }]) {
    const { status, html } = await visit(other, locals);
    expect(status).toBe(410);
    expect(words(html)).toContain("この資料は、公開を終えました");
    expect(html).toContain('<a href="/guides">');
    expect(html).toContain('content="noindex, nofollow"');
    expect(gaps(html)).toEqual([]);
    expect(elements(html, "form")).toEqual([]);
  }
  expect((await visit("/guides")).html).not.toContain(other);
});
