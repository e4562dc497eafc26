/** Sections of pages that an organisation may replace: the default as ever, the replaced text safe and in its place. */

import { afterEach, describe, expect, test } from "vitest";
import { receiptPath } from "#api/intake/receipts.ts";
import { sectionOf } from "#api/words/section.ts";
import { type GivenValues, replacedTextKey, replaceSettings, settingsFrom } from "#db/settings/settings.ts";
import type { Locale } from "#db/terms/locale.ts";
import { findSection, localesOf, sectionIds } from "#db/words/sections.ts";
import { beSample } from "../real-site.ts";
import { pages, site, plainKey } from "./stored.ts";

let number = 1;

/** Puts texts in force, by `replacedTextKey`, and these settings. */
function replace(texts: Record<string, string>, given: GivenValues = {}): void {
  replaceSettings(settingsFrom(given, "sample", ++number, texts));
}

/** Renders every page anew: a page that is asked for meanwhile may be the earlier one. */
async function rerender(): Promise<void> {
  site.pages.invalidate();
  await site.pages.refresh();
}

afterEach(beSample);

/** Each section in each of its languages. */
const all = sectionIds.flatMap((id) => {
  const section = findSection(id);
  return section === undefined ? [] : localesOf(section).map((locale) => ({ id, locale, section }));
});

const stored = async (key: string) =>
  (await site.pages.get(key.replace(/^\/(?=404|500)/u, "")))?.bodies.plain.toString() ?? "";

/** The receipts of a language, for each way in which an answer is given. */
async function receipts(locale: Locale): Promise<string> {
  const html = (["email", "phone", "none"] as const).map(async (replyBy) => {
    const path = receiptPath({ reference: "H7K2-9QWD", replyByDate: "2026-11-26", locale, replyBy });
    const page = await (await site.render(new Request(`http://localhost:3000${path}`), {}))?.text();
    return (page ?? "").replaceAll(/receipt\/[\w.-]+/gu, "receipt/TOKEN");
  });
  return (await Promise.all(html)).join("");
}

test("a section replaced by its own default changes no byte of any page", async () => {
  const before = { ja: await receipts("ja"), easy: await receipts("easy"), en: await receipts("en") };
  replace(
    Object.fromEntries(
      all.map(({ id, locale, section }) => [replacedTextKey(id, locale), section.texts[locale] ?? ""]),
    ),
  );
  await rerender();
  for (const [key, html] of pages) expect([key, (await stored(plainKey(key))) === html]).toEqual([key, true]);
  for (const locale of ["ja", "easy", "en"] as const) expect(await receipts(locale)).toBe(before[locale]);
});

test("every section stands on its page, in each of its languages", async () => {
  const mark = (id: string, locale: string) => `Mark of ${id} in ${locale}.`;
  replace(
    Object.fromEntries(
      all.map(({ id, locale, section }) => [
        replacedTextKey(id, locale),
        `${section.kind === "facts" ? "Term\n: " : ""}${mark(id, locale)}`,
      ]),
    ),
  );
  await rerender();
  const shown = { ja: await receipts("ja"), easy: await receipts("easy"), en: await receipts("en"), all: "" };
  for (const key of pages.keys()) shown.all += await stored(key);
  for (const { id, locale, section } of all) {
    const html = section.page === "receipt" ? shown[locale] : shown.all;
    expect([id, locale, html.includes(mark(id, locale))]).toEqual([id, locale, true]);
  }
});

describe("what somebody wrote", () => {
  const about = (body: string, given: GivenValues = {}) => {
    replace({ [replacedTextKey("about-doing", "ja")]: body, [replacedTextKey("landing-headline", "ja")]: body }, given);
    return [sectionOf("ja", "about-doing"), sectionOf("ja", "landing-headline")];
  };

  test.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>1</script>)",
    '[x](/help "onmouseover=alert(1)")',
    "![x](https://example.com/pixel.png)",
    "<a href='javascript:1'>x</a>",
  ])("holds no script and loads nothing: %s", (body) => {
    for (const html of about(body)) {
      expect(html).not.toMatch(/<(?:script|img|iframe|style)|<[^>]*\son\w+=|href="(?:javascript|data):/iu);
    }
  });

  test("is a heading below those of the page, a list, a link that hands over no referrer", () => {
    const [html] = about("# 見出し\n\n- [外](https://example.com/)\n- [中](/help)");
    expect(html).toBe(
      '<h3>見出し</h3> <ul> <li><a href="https://example.com/" rel="noopener noreferrer">外</a></li> <li><a href="/help">中</a></li> </ul>',
    );
  });

  test("values of placeholders are text: no HTML, no Markdown, no link, no further placeholder", () => {
    const name = "*髙*<b>&[x](/a) https://example.com {{phone}}";
    const escaped = "*髙*&lt;b&gt;&amp;[x](/a) https://example.com {{phone}}";
    const [html, line] = about("{{name}}です", { "name.ja": name });
    expect(html).toBe(`<p>${escaped}です</p>`);
    expect(line).toBe(`${escaped}です`);
  });

  test("with an unknown placeholder is not shown: the default is, whole", () => {
    const [html, line] = about("保管は{{keep_forever}}年です");
    expect(html).toContain("同じ机につく場");
    expect(line).toContain("何からでもご相談ください");
  });

  test("of a section that is gone is shown nowhere", async () => {
    replace({
      [replacedTextKey("about-former", "ja")]: "なくなった場所の文",
      [replacedTextKey("about-former", "en")]: "gone",
    });
    await rerender();
    for (const key of ["/about", "/en/about", "/"]) expect(await stored(key)).not.toMatch(/なくなった場所の文|gone/u);
  });
});
