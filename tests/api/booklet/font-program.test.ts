/** A font for PDFs made of outlines: every renderer must show the letters that the outlines are. */

import { PDFiumLibrary } from "@hyzyla/pdfium";
import { PDFDocument, PDFName, rgb } from "pdf-lib";
import { expect, test } from "vitest";
import { fontProgram } from "#api/booklet/font-program.ts";
import { embedFont, encoded } from "#api/booklet/fonts.ts";
import { outlines } from "#api/drawings/outlines.ts";

const size = 40;
const [width, height] = [400, 60];

/** Grey values of a page on which `draw` drew. */
async function picture(draw: (document: PDFDocument) => void): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.addPage([width, height]);
  draw(document);
  const library = await PDFiumLibrary.init();
  const opened = await library.loadDocument(await document.save());
  const { data } = await opened.getPage(0).render({ scale: 1 });
  const grey = Uint8Array.from({ length: width * height }, (_, at) => data[at * 4] ?? 255);
  opened.destroy();
  library.destroy();
  return grey;
}

const written = (text: string, letters?: string) =>
  picture((document) => {
    const font = embedFont(document, "Test", fontProgram("Test", "Regular", letters));
    const { node } = document.getPage(0);
    node.setFontDictionary(PDFName.of("F"), font.ref);
    const content = `BT /F ${size} Tf 10 15 Td ${encoded(font, text)} Tj ET`;
    node.set(PDFName.of("Contents"), document.context.register(document.context.flateStream(content)));
  });

const drawn = (text: string) =>
  picture((document) => {
    const path = outlines(text, { x: 0, y: 0, size, weight: "Regular" });
    document.getPage(0).drawSvgPath(path, { x: 10, y: 15, color: rgb(0, 0, 0), borderWidth: 0 });
  });

const darkness = (grey: Uint8Array) => grey.reduce((sum, value) => sum + 255 - value, 0);
const difference = (one: Uint8Array, other: Uint8Array) =>
  one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 255)), 0);

test.each(["髙﨑𠮷野", "サポートブック", "葛辻祇濵: 119", "120 ml（朝）"])(
  "%s looks as its outlines do",
  async (text) => {
    const [one, other] = [await written(text, text), await drawn(text)];
    expect(darkness(other)).toBeGreaterThan(50_000);
    expect(difference(one, other) / darkness(other)).toBeLessThan(0.1);
  },
);

test("so it does with all letters in the font, which are many", async () => {
  const { codes, cff } = fontProgram("Test", "Regular");
  expect(codes.size).toBeGreaterThan(16_000);
  expect(cff.length).toBeGreaterThan(3_000_000);
  expect(
    difference(await written("髙﨑𠮷野"), await drawn("髙﨑𠮷野")) / darkness(await drawn("髙﨑𠮷野")),
  ).toBeLessThan(0.1);
});

test("a code is the letter's point in Unicode, or its lower two bytes; no two letters share one", () => {
  const { codes } = fontProgram("Test", "Regular");
  expect(["髙", "﨑", "𠮷", "A"].map((letter) => codes.get(letter))).toEqual([0x9ad9, 0xfa11, 0x0bb7, 0x41]);
  expect(new Set(codes.values()).size).toBe(codes.size);
  expect(Math.max(...codes.values())).toBeLessThanOrEqual(0xffff);
});

test("letters that the font does not have are left out", () => {
  expect([...fontProgram("Test", "Bold", "あ🏠").codes.keys()]).toEqual(["あ"]);
});
