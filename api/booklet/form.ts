/**
 * The boxes to type into (AcroForm). Nothing in them acts: no script, no address, nothing to send. Every box has an
 * appearance, an empty one, and viewers make another when somebody types; so the form does not ask for new ones
 * (NeedAppearances), which would make Acrobat offer to save a booklet that was only read. Single lines have a size of
 * their own, boxes of several lines a size that viewers choose (at most 12 points), so that a long text is not cut off.
 */

import { type PDFDict, type PDFDocument, PDFHexString, PDFName, type PDFRef, PDFString } from "pdf-lib";
import { fontNames, type EmbeddedFont } from "./fonts.ts";

/** Left, bottom, right, top in points from the lower left corner of the page. */
export type Rect = readonly [left: number, bottom: number, right: number, top: number];

interface Box {
  name: string;
  /** What it asks. */
  tooltip: string;
  page: number;
  rect: Rect;
}

interface TextBox extends Box {
  /** Size of the letters; 0: as it fits. */
  size: number;
  isMultiline: boolean;
}

/** Bits of Ff and F (ISO 32000-2, 12.7.5.3 and 12.5.3). */
const flags = { multiline: 1 << 12, noSpellCheck: 1 << 22, print: 1 << 2 } as const;
const sizeOf = ([left, bottom, right, top]: Rect) => ({ width: right - left, height: top - bottom });

/** Collects fields; those of one name are one field with several boxes, which all show what is typed into one. */
export class Form {
  readonly #document: PDFDocument;
  readonly #fields = new Map<string, { field: PDFDict; ref: PDFRef; widgets: PDFRef[] }>();
  readonly #boxes: { page: number; widget: PDFDict; ref: PDFRef }[] = [];
  readonly #font: EmbeddedFont;

  constructor(document: PDFDocument, font: EmbeddedFont) {
    this.#document = document;
    this.#font = font;
  }

  /** A box for words. */
  text({ size, isMultiline, ...box }: TextBox): { widget: PDFDict; ref: PDFRef } {
    const { context } = this.#document;
    const Ff = flags.noSpellCheck | (isMultiline ? flags.multiline : 0);
    const DA = PDFString.of(`${fontNames.Regular.asString()} ${size} Tf 0.11 0.145 0.212 rg`);
    const { width, height } = sizeOf(box.rect);
    const font = { Font: { [fontNames.Regular.decodeText()]: this.#font.ref } };
    const empty = { Type: "XObject", Subtype: "Form", BBox: [0, 0, width, height], Resources: font };
    const N = context.register(context.stream("/Tx BMC EMC", empty));
    return this.#add(box, { FT: "Tx", Ff, DA }, { AP: { N }, DA });
  }

  /** A box to tick; the square itself is printed on the page, this draws the tick. */
  tick(box: Box): { widget: PDFDict; ref: PDFRef } {
    const { context } = this.#document;
    const { width, height } = sizeOf(box.rect);
    const appearance = { Type: "XObject", Subtype: "Form", BBox: [0, 0, width, height] };
    const [x, y] = [width / 2, height / 2];
    const tick = `q 2 w 1 J 1 j 0.11 0.145 0.212 RG ${x - 5} ${y} m ${x - 1.5} ${y - 4} l ${x + 5} ${y + 4.5} l S Q`;
    const N = {
      Yes: context.register(context.stream(tick, appearance)),
      Off: context.register(context.stream("", appearance)),
    };
    return this.#add(box, { FT: "Btn", V: "Off" }, { AP: { N }, AS: "Off" });
  }

  #add({ name, tooltip, page, rect }: Box, own: object, shown: object): { widget: PDFDict; ref: PDFRef } {
    const { context } = this.#document;
    const words = { T: PDFString.of(name), TU: PDFHexString.fromText(tooltip) };
    const { ref: parent, widgets } = this.#fieldOf(name, { ...words, ...own });
    const widget = context.obj({
      ...{ Type: "Annot", Subtype: "Widget", Rect: [...rect], F: flags.print, Parent: parent, MK: {} },
      // Here as well: pdf.js reads the box alone.
      ...{ TU: words.TU },
      ...shown,
    });
    const ref = context.register(widget);
    widgets.push(ref);
    this.#boxes.push({ page, widget, ref });
    return { widget, ref };
  }

  /** The field of this name, made when its first box is. */
  #fieldOf(name: string, own: object): { ref: PDFRef; widgets: PDFRef[] } {
    const known = this.#fields.get(name);
    if (known) return known;
    const field = this.#document.context.obj({ ...own }) as PDFDict;
    const made = { field, ref: this.#document.context.register(field), widgets: [] };
    this.#fields.set(name, made);
    return made;
  }

  /** Writes the form into the document, whose pages are all there. */
  write(): void {
    const { context, catalog } = this.#document;
    for (const { field, widgets } of this.#fields.values()) field.set(PDFName.of("Kids"), context.obj(widgets));
    for (const [at, page] of this.#document.getPages().entries()) {
      const boxes = this.#boxes.filter((box) => box.page === at);
      page.node.set(PDFName.of("Annots"), context.obj(boxes.map(({ ref }) => ref)));
      for (const { widget } of boxes) widget.set(PDFName.of("P"), page.ref);
    }
    const fields = [...this.#fields.values()].map(({ ref }) => ref);
    const font = { Font: { [fontNames.Regular.decodeText()]: this.#font.ref } };
    const DA = PDFString.of(`${fontNames.Regular.asString()} 11 Tf 0 g`);
    catalog.set(PDFName.of("AcroForm"), context.register(context.obj({ Fields: fields, DR: font, DA })));
  }
}
