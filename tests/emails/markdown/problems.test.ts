import { describe, expect, test } from "vitest";
import { writingWords } from "#db/words/staff/newsletter-writing.ts";
import { buttonSource, pictureSource, placesIn, withBlock } from "#emails/markdown/insert.ts";
import type { Material } from "#emails/markdown/material.ts";
import { linksIn, problemsIn } from "#emails/markdown/problems.ts";
import { guideSource, segmentsOf } from "#emails/markdown/segments.ts";
import { issueBody } from "../every-mail.ts";

const id = "01900000-0000-7000-8000-0000000000aa";
const material: Material = {
  guides: { school: { title: "学校", summary: "" }, "learning-in-hospital": { title: "入院", summary: "" } },
  pictures: { [id]: { path: "/pictures/x/y.jpg", width: 960, height: 640 } },
};
const { problems: say } = writingWords;

/** What is wrong, as [line, level, sentence]. */
const found = (source: string) =>
  problemsIn(source, material).map(({ line, level, sentence }) => [line, level, sentence]);

test("nothing is wrong with what a mail shows", () => {
  expect(found(issueBody)).toEqual([]);
  expect(
    found(`a < b、3<5>2、50%の人、100% OK\n\n[資料: school]\n\n![湖](/pictures/${id})\n\n[電話](tel:0860000000)`),
  ).toEqual([]);
});

test.each([
  ["文\n\n<b>太字</b>", 3, "look", say.html("<b>")],
  ["<!-- 消す -->", 1, "look", say.html("<!--")],
  ["![地図](https://example.com/a.png)", 1, "stop", say.foreignPicture("https://example.com/a.png")],
  [`![](/pictures/${id})`, 1, "stop", say.noAlt],
  [`文の中の![湖](/pictures/${id})`, 1, "stop", say.pictureInline],
  [`![湖](/pictures/${id.replace("aa", "bb")})`, 1, "stop", say.noPicture],
  ["![地図](//example.com/a.png)", 1, "stop", say.foreignPicture("//example.com/a.png")],
  ["![地図](/pictures/abc)", 1, "stop", say.noPicture],
  ["文の中の![地図](images/a.png)", 1, "stop", say.noPicture],
  ["[資料: gone]", 1, "stop", say.noGuide("gone")],
  ["[動画: 会の様子]", 1, "look", say.unknownBlock("動画")],
  ["::button 申し込む", 1, "look", say.unknownBlock("button")],
  ["どうぞ [ボタン: 申し込む](https://example.jp/) へ", 1, "look", say.buttonInline],
  ["[ftp](ftp://example.jp/)", 1, "stop", say.scheme("ftp://example.jp/")],
  ["[催し](events)", 1, "stop", say.scheme("events")],
  ["[ボタン: 申し込む](events)", 1, "stop", say.scheme("events")],
  ["[ボタン: 申し込む](#top)", 1, "stop", say.scheme("#top")],
  ["{{name}}さま", 1, "look", say.mergeTag("{{name}}")],
  ["%%name%%さま", 1, "look", say.mergeTag("%%name%%")],
  ["https://example.jp/催しをどうぞ", 1, "look", say.cutAddress("https://example.jp/")],
  ["|a|b|c|d|\n|-|-|-|-|\n|1|2|3|4|", 1, "look", say.wideTable(4, 3)],
])("%j is said", (source, line, level, sentence) => {
  expect(found(source)).toEqual([[line, level, sentence]]);
});

test("a picture that is not there and has no words is said to be both, and no other site's", () => {
  const both = [
    [1, "stop", say.noAlt],
    [1, "stop", say.noPicture],
  ];
  for (const source of ["![](/pictures/abc)", "文![](/pictures/abc)", `![](/pictures/${id.replace("aa", "bb")})`])
    expect(found(source)).toEqual(both);
});

describe("as a Japanese keyboard types it", () => {
  test.each([
    ["＃＃ 見出し", "＃＃ 見出し", "## 見出し"],
    ["＃＃＃見出し", "＃＃＃見出し", "### 見出し"],
    ["＃　見出し", "＃　見出し", "# 見出し"],
    ["##　見出し", "##　見出し", "## 見出し"],
    ["##見出し", "##見出し", "## 見出し"],
    [`＃＃ ${"長".repeat(40)}`, `＃＃ ${"長".repeat(27)}…`, `## ${"長".repeat(27)}…`],
    ["この＊＊太字＊＊です", "＊＊太字＊＊", "**太字**"],
    ["**太字＊＊", "**太字＊＊", "**太字**"],
    ["－－－", "－－－", "---"],
    ["ーーー", "ーーー", "---"],
    ["＊＊＊", "＊＊＊", "---"],
    ["-－−‐", "-－−‐", "---"],
    ["［ボタン：申し込む］（https://example.jp）", undefined, "[ボタン: 申し込む](https://example.jp)"],
    ["[ボタン: 申し込む]（/events）", undefined, "[ボタン: 申し込む](/events)"],
    ["［言葉］(ｈｔｔｐｓ：／／example.jp/a)", undefined, "[言葉](https://example.jp/a)"],
    ["！［湖］（/pictures/x）", undefined, "![湖](/pictures/x)"],
    ["［資料：school］", undefined, "[資料: school]"],
    ["［資料: ＳＣＨＯＯＬ］", undefined, "[資料: school]"],
  ])("%s is said, with what to type", (source, typed, instead) => {
    const sentence = say.fullWidth(typed ?? source, instead);
    expect(found(source)).toEqual([[1, "look", sentence]]);
    expect(found(`文\n${source}`).at(-1)).toEqual([2, "look", sentence]);
    expect(found(`- 一\n- ${source}`).at(-1)?.[2]).toBe(sentence);
  });

  test.each([
    "＃病気の子ども と ＃１ と A＃ B",
    "## ＃１ の **話**",
    "5＊3＝15、※＊注",
    "カレーーー、おーーい",
    "（https://example.jp/）［注］（よくある話）",
    "［会場］見本会館（12月6日）",
    "[申し込む！](https://example.jp/)（くわしく）",
    "```\n＃＃ 見出し\n```",
    "──────",
  ])("%s is left as it is", (source) => {
    expect(found(source)).toEqual([]);
  });
});

describe("a character that nobody sees", () => {
  test.each([
    ["文\n\nお知\u200bらせ", 3, say.hidden("お知")],
    ["\ufeff見出し", 1, say.hidden("")],
    ["途中\u200c\u200d\u2060の字", 1, say.hidden("途中")],
    ["口座は\u202e4321\u202c です", 1, say.turned("口座は")],
    ["\u2066逆\u2069", 1, say.turned("")],
    ["```\n字\u200b\n```", 2, say.hidden("字")],
    ["家族\u200d👧", 1, say.hidden("家族")],
  ])("%j is said where it stands", (source, line, sentence) => {
    expect(found(source)).toEqual([[line, "look", sentence]]);
  });

  test("is said once for each kind of a line, in the order of the lines", () => {
    expect(found("a\u200bb\u200b\u202e\n<b>\n\nc\u200b")).toEqual([
      [1, "look", say.html("<b>")],
      [1, "look", say.hidden("a")],
      [1, "look", say.turned("ab")],
      [4, "look", say.hidden("c")],
    ]);
  });

  test("joins emoji, which is well", () => {
    expect(found("👨‍👩‍👧‍👦 ❤️‍🔥 🏳️‍🌈 🧑🏽‍🚀 🙆‍♀️ です")).toEqual([]);
  });
});

test("links are found in words, buttons and bare addresses", () => {
  expect(linksIn("[甲](https://a.example.jp) https://b.example.jp\n\n- [ボ](/c)\n\n[ボタン: 乙](/d)")).toEqual([
    { words: "甲", href: "https://a.example.jp" },
    { words: "https://b.example.jp", href: "https://b.example.jp" },
    { words: "ボ", href: "/c" },
    { words: "乙", href: "/d" },
  ]);
});

test("a block goes to the chosen place and becomes the block it is", () => {
  const source = "## はじめに\n\n文です。\n続き。\n\n- 一\n- 二\n";
  expect(placesIn(source)).toEqual([
    { line: 0, after: "" },
    { line: 1, after: "はじめに" },
    { line: 4, after: "文です。" },
    { line: 7, after: "一" },
  ]);
  const written = `${pictureSource("湖", id)}\n\n${buttonSource("申し込む", "/a")}\n\n---\n\n> **声**`;
  expect(placesIn(written).map(({ after }) => after)).toEqual(["", "画像: 湖", "ボタン: 申し込む", "区切り線", "声"]);
  expect(withBlock(source, "---", 4)).toBe("## はじめに\n\n文です。\n続き。\n\n---\n\n- 一\n- 二\n");
  expect(withBlock(source, "X", 0)).toBe(`X\n\n${source}`);
  expect(withBlock("", "X", 0)).toBe("X\n");
  expect(withBlock("　一\n\n　二", "X", 1)).toBe("　一\n\nX\n\n　二\n");
  expect(withBlock("文", "X", 99)).toBe("文\n\nX\n");
  const blocks = [
    [
      buttonSource("申し[込]む", "https://example.jp/a(b)"),
      { kind: "button", words: "申し[込]む", link: "https://example.jp/a(b)" },
    ],
    [pictureSource("会場\n[入口]", id), { kind: "picture", alt: "会場 [入口]", id }],
    [guideSource("school"), { kind: "guide", slug: "school" }],
  ] as const;
  for (const [block, expected] of blocks) expect(segmentsOf(withBlock(source, block, 4))[1]).toMatchObject(expected);
});
