/** A name that is typed into a fillable PDF: kept, drawn with the font that comes with it, and seen. */

import { PDFiumLibrary } from "@hyzyla/pdfium";
import { decodePDFRawStream, PDFArray, PDFDict, PDFDocument, PDFName, PDFRawStream } from "pdf-lib";
import { expect, test } from "vitest";
import { fileOf } from "./printed.ts";

const name = "髙﨑 𠮷野";
const file = fileOf("family-fillable.pdf");

/** The font that the boxes name, and the codes of its letters by its own table. */
function fontOf(document: PDFDocument) {
  const form = document.catalog.lookup(PDFName.of("AcroForm"), PDFDict);
  const fonts = form.lookup(PDFName.of("DR"), PDFDict).lookup(PDFName.of("Font"), PDFDict);
  const font = fonts.lookup(PDFName.of("NotoSansJP"), PDFDict);
  const descendant = font.lookup(PDFName.of("DescendantFonts"), PDFArray).lookup(0, PDFDict);
  const descriptor = descendant.lookup(PDFName.of("FontDescriptor"), PDFDict);
  const table = Buffer.from(
    decodePDFRawStream(font.lookup(PDFName.of("ToUnicode")) as PDFRawStream).decode(),
  ).toString();
  const codes = new Map<string, string>();
  for (const [, first = "", last = "", letter = ""] of table.matchAll(/<(\w{4})> <(\w{4})> <(\w+)>/gu))
    for (let at = 0; at <= Number.parseInt(last, 16) - Number.parseInt(first, 16); at++) {
      const units = letter.match(/\w{4}/gu)?.map((unit) => Number.parseInt(unit, 16)) ?? [];
      units.push((units.pop() ?? 0) + at);
      codes.set(String.fromCharCode(...units), (Number.parseInt(first, 16) + at).toString(16).padStart(4, "0"));
    }
  return { ref: fonts.get(PDFName.of("NotoSansJP")), descriptor, codes };
}

/** Fills in one box as a viewer does: its value, and an appearance in the font that the box names. */
async function typed(): Promise<Uint8Array> {
  const document = await PDFDocument.load(file, { updateMetadata: false });
  const field = document.getForm().getTextField("me-name");
  field.setText(name);
  const { ref, codes } = fontOf(document);
  const text = [...name].map((letter) => codes.get(letter) ?? "????").join("");
  for (const widget of field.acroField.getWidgets()) {
    const { width, height } = widget.getRectangle();
    const { context } = document;
    const appearance = context.stream(`/Tx BMC BT /NotoSansJP 11 Tf 3 8 Td <${text}> Tj ET EMC`, {
      ...{ Type: "XObject", Subtype: "Form", BBox: [0, 0, width, height] },
      Resources: { Font: { NotoSansJP: ref } },
    });
    widget.setNormalAppearance(context.register(appearance));
  }
  return document.save({ updateFieldAppearances: false });
}

/** The darkness of the box on the first page, letter by letter, each 11 points wide from 3 points on. */
async function lettersOf(pdf: Uint8Array): Promise<number[]> {
  const document = await PDFDocument.load(pdf);
  const widget = document.getForm().getTextField("me-name").acroField.getWidgets()[0];
  const { x, y, height } = widget?.getRectangle() ?? { x: 0, y: 0, height: 0 };
  const library = await PDFiumLibrary.init();
  const opened = await library.loadDocument(pdf);
  const scale = 2;
  const picture = await opened.getPage(0).render({ scale, renderFormFields: true });
  const grey = (left: number, top: number) => picture.data[(top * picture.width + left) * 4 + 1] ?? 255;
  const ink = (from: number) => {
    let sum = 0;
    for (let left = from * scale; left < (from + 11) * scale; left++)
      for (let top = (842 - y - height) * scale + 4; top < (842 - y) * scale - 4; top++)
        sum += grey(Math.round(left), Math.round(top)) < 128 ? 1 : 0;
    return sum;
  };
  const found = [0, 1, 3.5].map((at) => ink(x + 3 + at * 11 - (at > 2 ? 13 : 0)));
  opened.destroy();
  library.destroy();
  return found;
}

test("the font of the boxes is whole: it has no name of a subset, and letters that few fonts have", async () => {
  const { descriptor, codes } = fontOf(await PDFDocument.load(file));
  expect(descriptor.get(PDFName.of("FontName"))).toBe(PDFName.of("NotoSansJP-Regular"));
  expect(descriptor.lookup(PDFName.of("FontFile3"))).toBeInstanceOf(PDFRawStream);
  for (const letter of "髙﨑𠮷葛辻祇濵邉齋琢アｱあA1（）〜ー①㎏℃")
    expect([letter, codes.has(letter)]).toEqual([letter, true]);
  expect(codes.size).toBeGreaterThan(16_000);
});

test("every box names that font, in a size that can be read", async () => {
  const form = (await PDFDocument.load(file)).getForm();
  const looks = new Set(
    form.getFields().flatMap((field) => {
      const look = field.acroField.dict.lookup(PDFName.of("DA"));
      return look === undefined ? [] : [/\/(\S+) (\S+) Tf/u.exec(String(look))?.slice(1).join(" ")];
    }),
  );
  expect([...looks].toSorted()).toEqual(["NotoSansJP 0", "NotoSansJP 10.5", "NotoSansJP 11", "NotoSansJP 13"]);
});

test("髙﨑𠮷 is kept as it was typed", async () => {
  const again = await PDFDocument.load(await typed());
  expect(again.getForm().getTextField("me-name").getText()).toBe(name);
});

test("and seen: there is ink where each letter stands, and none in an empty box", async () => {
  expect(await lettersOf(file)).toEqual([0, 0, 0]);
  for (const ink of await lettersOf(await typed())) expect(ink).toBeGreaterThan(40);
});

test("a box can be ticked, and the tick is kept", async () => {
  const document = await PDFDocument.load(file);
  document.getForm().getCheckBox("allergies-kind-2").check();
  const again = await PDFDocument.load(await document.save({ updateFieldAppearances: false }));
  expect(again.getForm().getCheckBox("allergies-kind-2").isChecked()).toBe(true);
  expect(again.getForm().getCheckBox("allergies-kind-1").isChecked()).toBe(false);
});

test("the child's name is typed once and stands on every page", async () => {
  const document = await PDFDocument.load(file);
  expect(document.getForm().getTextField("me-called").acroField.getWidgets()).toHaveLength(document.getPageCount());
});
