import { readFileSync } from "node:fs";
import { PDFiumLibrary } from "@hyzyla/pdfium";
import { PDFDocument } from "pdf-lib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawGuideCover } from "#api/drawings/drawings.ts";
import type { CoverValues } from "#api/drawings/guide-cover.ts";
import { examinePdf } from "#api/guides/pdf.ts";
import { paletteOf } from "#db/colour/palette.ts";
import { darkness } from "./pictures.ts";

const guide = readFileSync(new URL("../../../site/content/guides/learning-in-hospital.pdf", import.meta.url));
const values: CoverValues = {
  title: "入院中の学びを続けるために",
  summary: "学校とつながり、学びを続けるための手引きです。",
  readers: "読んでいただきたい方: 保護者",
  contents: ["入院が決まったら", "退院のあと"],
  footer: ["髙﨑𠮷の会 & Friends　03-0000-0000（平日 9:00〜16:00）", "2026年11月1日 更新"],
  notice: "この団体は架空の見本です。",
  palette: paletteOf("#a0522d"),
};

let library: PDFiumLibrary;
beforeAll(async () => {
  library = await PDFiumLibrary.init();
});
afterAll(() => library.destroy());

async function firstPage(pdf: Buffer) {
  const document = await library.loadDocument(pdf);
  const sheet = document.getPage(0);
  const text = sheet.getText();
  const { data, width, height } = await sheet.render({ scale: 1 });
  const at = (x: number, y: number) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
  const found = { text, picture: { width, height, at, bytes: Buffer.from(data) } };
  document.destroy();
  return found;
}

describe("the cover of a guide", () => {
  test("replaces the first page; all others stay as they are", async () => {
    const pdf = await drawGuideCover(values, guide);
    const [before, after] = [await PDFDocument.load(guide), await PDFDocument.load(pdf)];
    expect(after.getPageCount()).toBe(before.getPageCount());
    expect(after.getTitle()).toBe(values.title);
    const { text } = await firstPage(pdf);
    expect(text).not.toContain("ほしのこみち");
  });

  test("its words are seen, and can be read aloud and searched", async () => {
    const { text, picture } = await firstPage(await drawGuideCover(values));
    for (const words of [
      values.title,
      values.summary,
      "読んでいただきたい方: 保護者",
      "髙﨑𠮷の会 & Friends",
      "9:00〜16:00",
    ])
      expect(text).toContain(words);
    expect(darkness(picture, 68, 165, 380, 45)).toBeGreaterThan(0.08);
    expect(picture.at(10, 10).slice(0, 3)).not.toEqual(picture.at(10, 400).slice(0, 3));
  });

  test("is a guide that families may be offered: nothing active, a picture of the first page", async () => {
    const { pages, picture } = await examinePdf(await drawGuideCover(values, guide));
    expect(pages).toBe((await PDFDocument.load(guide)).getPageCount());
    expect(picture.content.length).toBeGreaterThan(4000);
  });

  test("a long title and many headings stay on the page", async () => {
    const many = {
      ...values,
      title: "長い題名".repeat(20),
      contents: Array.from({ length: 12 }, () => "見出し".repeat(12)),
    };
    const { picture } = await firstPage(await drawGuideCover(many));
    const right = darkness(picture, picture.width - 60, 60, 55, picture.height - 70);
    expect(right).toBe(0);
  });
});
