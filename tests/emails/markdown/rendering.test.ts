/** What staff write, as a page, as a mail and as its text part: made from the same parts. */

import { describe, expect, test } from "vitest";
import { contentHtml } from "#api/published/markdown.ts";
import { renderSection } from "#api/words/render.ts";
import { renderMarkdown } from "#emails/markdown/html.ts";
import { issueMailHtml } from "#emails/markdown/mail-html.ts";
import { type Material, noMaterial } from "#emails/markdown/material.ts";
import { issueText } from "#emails/markdown/text.ts";

const origin = "https://komichi.example";
const id = "01900000-0000-7000-8000-0000000000aa";
const material: Material = {
  guides: { school: { title: "学校と病気", summary: "はじめの一歩です。" } },
  pictures: { [id]: { path: `/pictures/${id}/0123456789ab-large.jpg`, width: 960, height: 640 } },
};
const text = (source: string) => issueText(source, material, origin);
const page = (source: string) => renderMarkdown(source, material);
const mail = (source: string) => issueMailHtml(source, material, origin);

/** Every way in which the Markdown of staff becomes HTML. */
const ways: [string, (source: string) => string | Promise<string>][] = [
  ["a page of the archive", page],
  ["the feed", (source) => renderMarkdown(source, material, origin)],
  ["the mail", mail],
  ["an entry", contentHtml],
  ["a section", (source) => renderSection(source, { kind: "blocks", locale: "ja" })],
];

describe.each(ways)("%s", (_name, render) => {
  test.each([
    ["**「同じ経験をした家族と話したい」**という声", "<strong>「同じ経験をした家族と話したい」</strong>という声"],
    ["**参加費は無料です。**どなたでも", "<strong>参加費は無料です。</strong>どなたでも"],
    ["これは**大事（とても）**です", "<strong>大事（とても）</strong>です"],
  ])("emphasis holds beside Japanese marks: %s", async (source, html) => {
    expect(await render(source)).toContain(html);
  });

  test("addresses end where their letters end", async () => {
    const html = await render(
      "詳しくはhttps://example.jp/events/winterをご覧ください。soudan@example.jpまで。**https://example.jp/a**です。",
    );
    const hrefs = [...html.matchAll(/href="([^"]*)"/gu)].map(([, href]) => href);
    expect(hrefs).toEqual(["https://example.jp/events/winter", "mailto:soudan@example.jp", "https://example.jp/a"]);
    expect(html).toContain("</a>をご覧ください。");
    expect(await render("www.example.jpを")).toMatch(
      /<a [^>]*href="https:\/\/www\.example\.jp"[^>]*>www\.example\.jp<\/a>を/u,
    );
  });

  test("a picture from elsewhere loads nothing, and its words stay", async () => {
    const html = await render("![地図](https://example.com/a.png)");
    expect(html).not.toMatch(/<img|example\.com/u);
    expect(html).toContain("（画像: 地図）");
  });

  test("HTML stays text", async () => {
    expect(await render("<b>太字</b> <script>x</script>")).not.toMatch(/<b>|<script/u);
  });
});

test("headings of an issue lie below its subject and leave no step out, on the page and in the mail", async () => {
  const source = "#### はじめ\n\n# 章\n\n#### 節\n\n> ###### 項\n\n[ボタン: 見る](/events)\n\n### また節";
  for (const html of [page(source), await mail(source)])
    expect([...html.matchAll(/<(h\d)/gu)].map(([, tag]) => tag)).toEqual(["h2", "h2", "h3", "h4", "h3"]);
});

test("a line right above a divider is a sentence, and the divider one, on the page, in the mail and in the text", async () => {
  const source = "ご参加をお待ちしています。\n---\n次のお知らせ\n===";
  for (const html of [page(source), await mail(source)]) {
    expect(html).not.toMatch(/<h\d/u);
    expect(html.match(/<hr/gu)).toHaveLength(1);
  }
  expect(text(source)).toBe("ご参加をお待ちしています。\n\n――――――\n\n次のお知らせ\n===");
});

describe("blocks", () => {
  test("a button that leads to another host without its scheme is none", async () => {
    const source = "[ボタン: 申し込む](//example.com/a)";
    for (const html of [page(source), await mail(source)]) expect(html).not.toContain('href="//');
  });

  test("a button is one in the mail and on the page, and a line with its address in the text", async () => {
    for (const source of [
      "[ボタン: 申し込む](https://example.jp/apply)",
      "[ボタン：申し込む](<https://example.jp/apply>)",
    ]) {
      expect(await mail(source)).toMatch(
        /<td class="button"[^>]*>\s*<a [^>]*href="https:\/\/example\.jp\/apply"[^>]*>申し込む<\/a>/u,
      );
      expect(page(source)).toContain('<a class="button" href="https://example.jp/apply">申し込む</a>');
      expect(text(source)).toBe("申し込む\nhttps://example.jp/apply");
    }
  });

  test("a relative address is ours, whole wherever nothing is relative", async () => {
    for (const source of ["[催し](/events)", "[ボタン: 催し](/events)"]) {
      expect(await mail(source)).toContain(`href="${origin}/events"`);
      expect(renderMarkdown(source, material, origin)).toContain(`href="${origin}/events"`);
      expect(page(source)).toContain('href="/events"');
      expect(text(source)).toBe(`催し\n${origin}/events`);
    }
  });

  test("a picture of ours lies at one address for everybody, with its width and its words", async () => {
    const source = `![湖のほとりの会場](/pictures/${id})`;
    const html = await mail(source);
    expect(html).toContain(`src="${origin}/pictures/${id}/0123456789ab-large.jpg"`);
    expect(html).toMatch(/width="560" height="373" alt="湖のほとりの会場"/u);
    expect(page(source)).toContain(
      `<img src="/pictures/${id}/0123456789ab-large.jpg" width="960" height="640" alt="湖のほとりの会場"`,
    );
    expect(text(source)).toBe("（画像: 湖のほとりの会場）");
  });

  test("a guide shows its title, what it is, and leads to it", async () => {
    expect(await mail("[資料: school]")).toMatch(
      new RegExp(`href="${origin}/guides/school">学校と病気</a></strong><br />はじめの一歩です。`, "u"),
    );
    expect(page("[資料: school]")).toContain('<a href="/guides/school">学校と病気</a>');
    expect(text("[資料: school]")).toBe(`学校と病気\nはじめの一歩です。\n${origin}/guides/school`);
  });

  test("what is not there stays as words", async () => {
    for (const html of [await issueMailHtml("[資料: gone]", noMaterial, origin), renderMarkdown("[資料: gone]")])
      expect(html).toContain("[資料: gone]");
    expect(await issueMailHtml(`![湖](/pictures/${id})`, noMaterial, origin)).toMatch(/^(?!.*<img).*（画像: 湖）/su);
  });

  test("words of blocks are escaped", async () => {
    const evil = { ...material, guides: { school: { title: "<script>", summary: '"><img src=x>' } } };
    for (const html of [renderMarkdown("[資料: school]", evil), await issueMailHtml("[資料: school]", evil, origin)])
      expect(html).not.toMatch(/<script|<img/u);
    expect(page(`![x" onerror="y](/pictures/${id})`)).not.toMatch(/" onerror/u);
    expect(page("[ボタン: a](javascript:alert)")).not.toMatch(/href="javascript/u);
  });

  test("in the middle of a sentence they are none", () => {
    expect(page("どうぞ [ボタン: 申し込む](https://example.jp/) へ")).not.toContain("button");
    expect(page(`文と![x](/pictures/${id})文`)).not.toContain("<img");
  });
});

describe("in a mail", () => {
  test("a table has rules, and its short cells stay on one line, fewer letters of them beside many", async () => {
    const three = await mail("| 時間 | こと | 場所 |\n|--|--|--|\n| 13:30 | 入口で受付をします | 一階 |");
    expect(three.match(/<t[hd] [^>]*border-bottom:1px solid/gu)).toHaveLength(6);
    const whole = (html: string) => [...html.matchAll(/nowrap">([^<]*)/gu)].map(([, words]) => words);
    expect(whole(three)).toEqual(["時間", "こと", "場所", "13:30", "一階"]);
    expect(whole(await mail("|時|こ|場|他|\n|-|-|-|-|\n|13:30|会|3F|なし|"))).toEqual([
      "時",
      "こ",
      "場",
      "他",
      "会",
      "3F",
      "なし",
    ]);
  });

  test("a column stands where its line of dashes says, in the mail and on the page, and its short cells stay whole", async () => {
    const source = "|本|円|順|\n|:--|--:|:-:|\n|絵本|1,200円|一|";
    const sides = (html: string) => [...html.matchAll(/<t[hd] [^>]*text-align:(\w+)/gu)].map(([, side]) => side);
    expect(sides(await mail(source))).toEqual(["left", "right", "center", "left", "right", "center"]);
    expect((await mail(source)).match(/nowrap/gu)).toHaveLength(6);
    expect(page(source).match(/<t[hd](?: [^>]*)?>/gu)).toEqual([
      ...["<th>", '<th align="right">', '<th align="center">'],
      ...["<td>", '<td align="right">', '<td align="center">'],
    ]);
  });

  test("a quotation has a line beside it; no Japanese is slanted; a list in a list begins at once", async () => {
    expect(await mail("> 声")).toMatch(/<blockquote class="quote" style="[^"]*border-left:4px solid/u);
    expect(await mail("*強い*")).toMatch(/<em style="font-style:normal/u);
    const lists = [...(await mail("- 一\n  - 二")).matchAll(/<ul style="margin:([^;]*)/gu)].map(([, margin]) => margin);
    expect(lists).toEqual(["16px 0", "0"]);
  });
});

describe("the text part", () => {
  test.each([
    ["## 見出し\n\n文", "■ 見出し\n\n文"],
    ["- 一\n- 二\n  - 二の一\n- 三", "・一\n・二\n　・二の一\n・三"],
    ["3. 三\n4. 四", "3. 三\n4. 四"],
    ["**太字**と*強調*と`K`", "太字と強調とK"],
    ["| 時間 | こと |\n|--|--|\n| 13:30 | はじまり |", "時間 ／ こと\n13:30 ／ はじまり"],
    ["> 来てよかった\n> です", "｜来てよかった\n｜です"],
    ["> 一\n>\n> 二", "｜一\n｜\n｜二"],
    ["| 甲 | 乙 |\n|--|--|\n| 1 | |", "甲 ／ 乙\n1"],
    ["質問は a@example.jp まで", "質問は a@example.jp まで"],
    ["\t字下げ\n\n    字下げ", "字下げ\n\n字下げ"],
    ["一行目\n二行目", "一行目\n二行目"],
    ["　字下げ\n　二行目\n\n>　引用", "　字下げ\n　二行目\n\n｜　引用"],
    ["上\n\n　\n\n| 甲 | 乙 |\n|--|--|\n| 1 | 　 |", "上\n\n甲 ／ 乙\n1"],
    ["上\n\n---\n\n下", "上\n\n――――――\n\n下"],
    ["参加費 ~~1000円~~ 無料", "参加費 ［取り消し: 1000円］ 無料"],
    ["[申し込み](https://example.jp/a)からどうぞ。", "申し込みからどうぞ。\nhttps://example.jp/a"],
    [
      "[甲](https://example.jp/a)と[乙](https://example.jp/b)",
      "甲と乙\n甲:\nhttps://example.jp/a\n乙:\nhttps://example.jp/b",
    ],
    ["詳しくはhttps://example.jp/aをご覧ください。", "詳しくは\nhttps://example.jp/a\nをご覧ください。"],
    ["質問はa@example.jpまで", "質問は a@example.jp まで"],
    ["文の中の![地図](https://example.com/x.png)です", "文の中の（画像: 地図）です"],
    ["", ""],
  ])("%j", (source, expected) => expect(text(source)).toBe(expected));

  test("no sign of Markdown is left", () => {
    const source =
      "# 題\n\n**太** [言葉](https://example.jp) `x` ~~y~~\n\n- a\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> q\n\n***";
    expect(text(source)).not.toMatch(/[#*`~|>]|\]\(|^-/mu);
  });
});

describe("a table", () => {
  const wide = (columns: number, rows: number) =>
    `|${"a|".repeat(columns)}\n|${"-|".repeat(columns)}\n${"|\n".repeat(rows)}`;

  test("of a year's dates is one", () => {
    expect(renderMarkdown(wide(4, 60)).match(/<td>/gu)).toHaveLength(240);
  });

  test("whose short rows would be filled up to tens of thousands of cells stays text", () => {
    const source = `まえ\n\n${wide(300, 1500)}\nあと`;
    const made = renderMarkdown(source);
    expect(made).not.toContain("<table>");
    expect(made.length).toBeLessThan(4 * source.length);
    expect(made).toContain("<p>まえ</p>");
    expect(made).toMatch(/<p>あと<\/p>\s*$/u);
  });
});
