import { brotliCompressSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import { dayAfter, formatDay } from "#db/calendar/days.ts";
import { type Words, wordsIn } from "#db/words/words.ts";
import { entryOf, glossary } from "#site/furigana/glossary.ts";
import { furiganaOf, withReadings } from "#site/furigana/page.ts";
import { readText } from "#site/furigana/text.ts";
import { heard, unread } from "./furigana.ts";
import { elements, gaps } from "./html.ts";
import { furigana, pages } from "./stored.ts";

const read = (text: string) => heard(`<body>${readText(text)}`);
const body = (inside: string) => withReadings(`<html lang="ja"><body class="public">${inside}</body></html>`);
const inside = (html: string) => heard(body(html)).replaceAll("|", "");

describe("words", () => {
  test.each([
    ["長い療養とともに暮らす", "長《なが》い療養《りょうよう》とともに暮《く》らす"],
    ["受け付けました。受付番号", "受《う》け付《つ》けました。受付番号《うけつけばんごう》"],
    [
      "今日は一人、二人、大人と何人か",
      "今日《きょう》は一人《ひとり》、二人《ふたり》、大人《おとな》と何人《なんにん》か",
    ],
    ["何でも。何を、何と呼びますか", "何《なん》でも。何《なに》を、何《なん》と呼《よ》びますか"],
    [
      "使い方が分かる方へ。話した方がいい",
      "使《つか》い方《かた》が分《わ》かる方《かた》へ。話《はな》した方《ほう》がいい",
    ],
    ["病院に行って検査を行った", "病院《びょういん》に行《い》って検査《けんさ》を行《おこな》った"],
    ["中に入る。紙を入れる", "中に入《はい》る。紙《かみ》を入《い》れる"],
    ["付き添い中の病院の中", "付《つ》き添《そ》い中《ちゅう》の病院《びょういん》の中《なか》"],
    ["先生が来る、来ない、来ました", "先生《せんせい》が来《く》る、来《こ》ない、来《き》ました"],
    ["その他、他の人、その後", "その他《た》、他《ほか》の人《ひと》、その後《ご》"],
    ["もう一度押す", "もう一度《いちど》押《お》す"],
    ["手続きの間に、間に合う", "手続《てつづ》きの間《あいだ》に、間《ま》に合《あ》う"],
  ])("%s", (text, expected) => expect(read(text)).toBe(expected));

  test("are left alone where half of them would be misread", () => {
    for (const text of [
      "今日本社で",
      "大人気",
      "上手投げ",
      "中々",
      "下り坂",

      "一人前",
      "本屋",
    ])
      expect(read(text)).toBe(text);
    expect(read("教室に入れる")).toBe("教室《きょうしつ》に入れる");
  });

  test("that split in two ways, many times over, are looked up a few times each, not twice as often with each", () => {
    const lookups = vi.spyOn(glossary, "get");
    const text = `${"職員保護者".repeat(200)}鱻`; // nobody can read the last one, so every split is tried
    const { get } = Map.prototype;
    lookups.mockImplementation((letter) => {
      if (lookups.mock.calls.length > 4 * text.length) throw new Error("more than four lookups for each letter");
      return get.call(glossary, letter) as ReturnType<typeof glossary.get>;
    });
    expect(readText(text)).toBe(text);
    expect(lookups.mock.calls.length).toBeGreaterThan(text.length / 2);
    lookups.mockRestore();
  });

  test("are counted as people count", () => {
    expect(read("2026年11月24日（火）、12月1日から3日のうち、1日だけ、20日間")).toBe(
      "2026年《ねん》11月《がつ》24日《にじゅうよっか》（火《か》）、12月《がつ》1日《ついたち》から3日《みっか》のうち、1日《いちにち》だけ、20日《はつか》間《かん》",
    );
    expect(read("1日に3通まで、1通")).toBe("1日《いちにち》に3通《つう》まで、1通《つう》");
    expect(read("3分、15分、10分、1人、12人、3階、2階、3か月、1時間待って")).toBe(
      "3分《ぷん》、15分《ふん》、10分《ぷん》、1人《ひとり》、12人《にん》、3階《がい》、2階《かい》、3か月《げつ》、1時間《じかん》待《ま》って",
    );
  });

  test("are counted past a space, too", () => {
    expect(read("8 月 3 日、60 秒ほど、年に 2 回")).toBe(
      "8 月《がつ》 3 日《みっか》、60 秒《びょう》ほど、年に 2 回《かい》",
    );
  });

  test("are written once each, in a form that can be understood", () => {
    const all = [...glossary.values()]
      .flat()
      .map(({ surface, followers, before }) => `${surface} ${followers} ${before}`);
    expect(all.filter((one, at) => all.indexOf(one) !== at)).toEqual([]);
    for (const wrong of ["療養", "療養()", "療養(リョウ)", "(よみ)", "読(よ", "入(い)[", "見(み)(る)"])
      expect(() => entryOf(wrong)).toThrow(wrong);
  });
});

describe("a page", () => {
  test("is read only where a person reads: not in attributes, fields, other languages, people's own words", () => {
    const kept = [
      "<script>「入院」</script>",
      "<style>/* 入院 */</style>",
      "<textarea>入院</textarea>",
      "<option>入院</option>",
      "<ruby>入院<rt>にゅういん</rt></ruby>",
      '<p lang="en">入院</p>',
      "<div data-plain><div>入院</div>入院</div>",
      '<input value="入院" placeholder="入院>">',
      '<img alt="入院">',
      "<!--入院-->",
      "__ORIGIN__ __FORM_KEY__ &amp; <",
    ].join("");
    expect(body(kept)).toBe(`<html lang="ja"><body class="public furigana">${kept}</body></html>`);
    expect(withReadings("<title>入院</title>")).toBe("<title>入院</title>");
    expect(inside('<div data-plain>入院</div><b lang="ja">入院</b>')).toBe("入院入院《にゅういん》");
  });

  test("leads on with readings, wherever there is a page to read", () => {
    expect(
      body(
        [
          '<a class="x" href="/">',
          '<a href="/about#name">',
          '<a href="/guides?x=1">',
          '<form method="post" action="/consultation?send">',
          '<button formaction="/consultation/change#name">',
        ].join(""),
      ).match(/"\/[^"]*"/gu),
    ).toEqual([
      '"/?furigana"',
      '"/about?furigana#name"',
      '"/guides?x=1&amp;furigana"',
      '"/consultation?send&amp;furigana"',
      '"/consultation/change?furigana#name"',
    ]);
    for (const link of [
      "/en",
      "/en/privacy",
      "/easy/consultation#name",
      "/staff",
      "/d/abc",
      "/api/x",
      "/a.pdf",
      "/feed.xml",
      "#main",
      "tel:119",
      "//x.jp/",
    ])
      expect(body(`<a href="${link}">`)).toContain(`<a href="${link}">`);
  });

  test("says every day of a year as the page itself would", () => {
    for (let day = "2026-01-01"; day < "2027-01-01"; day = dayAfter(day))
      expect(unread(`<body>${readText(formatDay(day))}`)).toEqual([]);
  });
});

describe("the built site", () => {
  test("has a furigana view of every Japanese page, and of no other", () => {
    const japanese = [...pages].filter(([, html]) => html.includes('<html lang="ja"')).map(([path]) => path);
    expect([...furigana.keys()]).toEqual(japanese);
    expect(japanese.length).toBeGreaterThan(10);
    expect(furiganaOf(pages.get("/en") ?? "")).toBeUndefined();
  });

  test.each([...furigana])("%s: every word is read, nothing gapes, it fits in 20 KB", (path, html) => {
    expect(unread(html)).toEqual([]);
    expect(gaps(html)).toEqual([]);
    expect(brotliCompressSync(html).length).toBeLessThanOrEqual(20 * 1024);
    // The words themselves are the page's own.
    const bare = html.replaceAll(/<rp>.*?<\/rp>|<rt\b.*?<\/rt>|<\/?ruby>/gu, "");
    const said = (page: string) =>
      page
        .replace(/^.*<body[^>]*>/su, "")
        .replaceAll("<wbr>", "")
        .replaceAll(/<[^>]+>/gu, "|");
    expect(said(bare)).toBe(said(pages.get(path) ?? "").replace(/ふりがなをつける(?!」)/u, "ふりがなをはずす"));
  });

  test.each([...furigana])("%s leads back to the page without readings", (path, html) => {
    const back = /<a href="([^"]*)"[^>]*>ふりがなをはずす</u.exec(html)?.[1];
    const there = /<a href="([^"]*)"[^>]*>ふりがなをつける</u.exec(pages.get(path) ?? "")?.[1];
    const isEasy = path.startsWith("/easy");
    expect(there).toBe(isEasy ? back?.replace("?plain", "") : back && `${back}?furigana`);
    // The landing pages of advertisements stand at "/" and have no address of their own; refusals have none at all.
    const own = path.startsWith("/?headline=") ? "/" : /^\/(?:404|500)$/u.test(path) ? undefined : path;
    expect(back).toBe(isEasy ? `${own}?plain` : own);
    const on = (link: string) =>
      link.includes("furigana") || link === back || /^\/(?:en|easy)(?:[/?]|$)|\.\w+(?:\?v=\w+)?$/u.test(link);
    const links = elements(html, "a", "form").map((tag) => tag["href"] ?? tag["action"] ?? "");
    expect(links.filter((link) => link.startsWith("/") && !on(link))).toEqual([]);
  });
});

/** Every sentence of one language, functions asked with a number. */
const sentences = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (typeof value === "function") return sentences((value as (...said: string[]) => unknown)("3", "3", "3"));
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(sentences) : [];
};

test.each(["ja", "easy"] as const)(
  "every sentence of the dictionary (%s) is read; mails have no readings",
  (locale) => {
    const { mails: _, replyNotice: __, ...topics }: Words = wordsIn(locale);
    const all = sentences(topics);
    expect(all.length).toBeGreaterThan(200);
    expect(all.flatMap((sentence) => unread(`<body>${readText(sentence)}`))).toEqual([]);
  },
);
