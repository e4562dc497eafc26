/** The printed PDFs: fields, tooltips, tags, nothing that acts, and what stands on the back. */

import { PDFiumLibrary } from "@hyzyla/pdfium";
import { PDFBool, PDFDict, PDFDocument, PDFHexString, PDFName, PDFRawStream, PDFString } from "pdf-lib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { variants } from "#api/booklet/parts.ts";
import { printBooklet } from "#api/booklet/print.ts";
import { findActive } from "#api/guides/pdf-contents.ts";
import { bookName, books, editionNames, editions } from "#api/support-book/book.ts";
import { bookletOf } from "#api/support-book/print-all.ts";
import { ownValues } from "#api/support-book/print-own.ts";
import { fileOf, printed } from "./printed.ts";

let library: PDFiumLibrary;
beforeAll(async () => {
  library = await PDFiumLibrary.init();
});
afterAll(() => library.destroy());

/** The words of each page, as a reader copies them. */
async function textsOf(name: string): Promise<string[]> {
  const document = await library.loadDocument(fileOf(name));
  const texts = Array.from({ length: document.getPageCount() }, (_, at) => document.getPage(at).getText());
  document.destroy();
  return texts;
}

const open = (name: string) => PDFDocument.load(fileOf(name), { updateMetadata: false });

test("there are six of them", () => {
  expect(Object.keys(printed)).toEqual([
    ...["family-fillable.pdf", "family-printable.pdf", "school-fillable.pdf", "school-printable.pdf"],
    ...["emergency-fillable.pdf", "emergency-printable.pdf"],
  ]);
});

describe.each(books)("$edition, $variant", ({ edition, variant }) => {
  const name = bookName(edition, variant);

  test("has as many pages and weighs as much as is said of it", async () => {
    expect((await open(name)).getPageCount()).toBe(editions[edition].pages);
    const { length } = fileOf(name);
    expect(length).toBeLessThan(6_000_000);
    const said = Number.parseFloat(editions[edition].bytes[variant].replace("約", "")) * 1_048_576;
    expect(Math.abs(length - said)).toBeLessThan(said * 0.6);
  });

  test("says its title and language, is tagged, and is read in the order of its tags", async () => {
    const document = await open(name);
    expect(document.getTitle()).toBe(`サポートブック（${editions[edition].title}、${variants[variant]}）`);
    expect(document.catalog.lookup(PDFName.of("Lang"))).toEqual(PDFString.of("ja"));
    expect(document.catalog.lookup(PDFName.of("MarkInfo"), PDFDict).get(PDFName.of("Marked"))).toBe(PDFBool.True);
    for (const page of document.getPages()) expect(page.node.get(PDFName.of("Tabs"))).toBe(PDFName.of("S"));
    const tags = document.context
      .enumerateIndirectObjects()
      .flatMap(([, object]) =>
        object instanceof PDFDict && object.get(PDFName.of("Type")) === PDFName.of("StructElem") ? [object] : [],
      );
    const count = (tag: string) => tags.filter((one) => one.get(PDFName.of("S")) === PDFName.of(tag)).length;
    expect(count("H1")).toBe(1);
    expect(count("H2")).toBe(bookletOf(edition).sections.length);
    const widgets = document
      .getForm()
      .getFields()
      .flatMap((field) => field.acroField.getWidgets());
    expect(count("Form")).toBe(widgets.length);
    expect(widgets.filter(({ dict }) => !dict.has(PDFName.of("StructParent")))).toEqual([]);
  });

  test("does nothing, leads nowhere and sends nothing", async () => {
    expect(await findActive(fileOf(name))).toBeUndefined();
    const { context } = await open(name);
    const keys = context.enumerateIndirectObjects().flatMap(([, object]) => {
      const dict = object instanceof PDFRawStream ? object.dict : object;
      // The attributes of a tag are /A as well.
      const isTag = dict instanceof PDFDict && dict.get(PDFName.of("Type")) === PDFName.of("StructElem");
      return dict instanceof PDFDict && !isTag ? dict.keys().map((key) => key.asString()) : [];
    });
    expect(
      keys.filter((key) => ["/A", "/AA", "/JS", "/URI", "/OpenAction", "/XFA", "/NeedAppearances"].includes(key)),
    ).toEqual([]);
    expect(fileOf(name).toString("latin1")).not.toMatch(/\/(?:URI|SubmitForm|JavaScript|Launch)|https?:/u);
  });

  test("carries in its metadata the organisation and a day, nothing else", async () => {
    const { context } = await open(name);
    const info = context.lookup(context.trailerInfo.Info, PDFDict);
    expect(info.keys().map(String).toSorted()).toEqual(["/Author", "/CreationDate", "/ModDate", "/Title"]);
  });

  test("says on its last page whose it is and how to call them", async () => {
    const last = (await textsOf(name)).at(-1) ?? "";
    const { legalName, phone, hours } = ownValues();
    for (const words of [legalName, phone, hours]) expect(last).toContain(words);
  });
});

describe.each(editionNames)("the fields of %s", (edition) => {
  test("have a name and a question each, on every box; all but the child's name stand once", async () => {
    const fields = (await open(bookName(edition, "fillable"))).getForm().getFields();
    expect(fields.length).toBeGreaterThan(40);
    const names = fields.map((field) => field.getName());
    expect(names).toEqual([...new Set(names)]);
    for (const field of fields) {
      const dicts = [field.acroField.dict, ...field.acroField.getWidgets().map(({ dict }) => dict)];
      for (const dict of dicts) expect(dict.lookup(PDFName.of("TU"), PDFHexString).decodeText()).toMatch(/\S/u);
    }
    const repeated = fields.filter((field) => field.acroField.getWidgets().length > 1).map((field) => field.getName());
    expect(repeated).toEqual([bookletOf(edition).nameField.name]);
  });

  test("ask nothing twice in the same words", async () => {
    const fields = (await open(bookName(edition, "fillable"))).getForm().getFields();
    const questions = fields.map((field) => field.acroField.dict.lookup(PDFName.of("TU"), PDFHexString).decodeText());
    const twice = questions.filter((question, at) => questions.indexOf(question) !== at);
    expect(new Set(twice.filter((question) => question !== "このページのメモ"))).toEqual(new Set());
  });

  test("can be met with a finger: none is lower than 8 mm, or narrower", async () => {
    const fields = (await open(bookName(edition, "fillable"))).getForm().getFields();
    const boxes = fields.flatMap((field) => field.acroField.getWidgets().map((widget) => widget.getRectangle()));
    const lowest = edition === "emergency" ? 20 : 21;
    expect(boxes.filter(({ width, height }) => Math.min(width, height) < lowest)).toEqual([]);
    expect(boxes.filter(({ x, y, width, height }) => x < 30 || y < 30 || x + width > 565 || y + height > 840)).toEqual(
      [],
    );
  });

  test("are on no paper that is written on by hand", async () => {
    expect((await open(bookName(edition, "printable"))).getForm().getFields()).toEqual([]);
  });
});

test("every heading and label is there to be read and copied", async () => {
  const text = (await textsOf("family-printable.pdf")).join("");
  for (const { title, blocks } of bookletOf("family").sections) {
    expect(text).toContain(title);
    for (const block of blocks)
      if (block.kind === "fields") for (const { label } of block.rows.flat()) expect(text).toContain(label);
  }
});

test("the same values make the same bytes; another name, number or colour others", async () => {
  const print = (change: object) =>
    printBooklet(bookletOf("emergency"), "printable", { ...ownValues(), ...change }, new Date(0));
  const one = await print({});
  expect((await print({})).equals(one)).toBe(true);
  for (const change of [{ name: "髙﨑の会" }, { phone: "03-0000-0000" }, { hours: "土曜" }])
    expect((await print(change)).equals(one)).toBe(false);
});

test("every edition has as many pages as it says, whatever the organisation is called and whether it can be called", async () => {
  const long = "特定非営利活動法人 長い療養とともに暮らす子どもと家族を支える会ほしのこみち";
  const hours = "月・水・金 10:00〜12:00、13:00〜16:00、火・木 13:00〜19:00（祝日・年末年始はお休み）";
  for (const change of [{ notice: "" }, { notice: "", phone: "" }, { name: long, legalName: long, hours }])
    for (const edition of editionNames) {
      const pdf = await printBooklet(bookletOf(edition), "printable", { ...ownValues(), ...change }, new Date(0));
      expect([edition, (await PDFDocument.load(pdf)).getPageCount()]).toEqual([edition, editions[edition].pages]);
    }
});

test("an organisation without a telephone has no empty line for it, and a real one no word of being invented", async () => {
  const values = { ...ownValues(), phone: "", notice: "" };
  const pdf = await printBooklet(bookletOf("emergency"), "printable", values, new Date(0));
  const document = await library.loadDocument(pdf);
  const text = [0, 1].map((at) => document.getPage(at).getText()).join("");
  document.destroy();
  expect(text).not.toMatch(/電話 \d/u);
  expect(text).not.toContain(ownValues().notice);
});
