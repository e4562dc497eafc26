/** Sheets of paper (A4) on which words, lines and boxes are drawn, and which become the pages of a PDF. */

import { PDFDocument, PDFName } from "pdf-lib";
import { drawable, type Weight, widthOf } from "#api/drawings/outlines.ts";
import { fontProgram } from "./font-program.ts";
import { embedFont, encoded, fontNames } from "./fonts.ts";
import { Form } from "./form.ts";
import type { Variant } from "./parts.ts";
import { Tags } from "./tags.ts";

/** Points: 1/72 inch. */
export const paper = { width: 595.28, height: 841.89 } as const;

/** What is drawn on a page: operators, and words, whose codes are known once all words are. */
type Mark = string | { weight: Weight; text: string };

/** A box, counted from the upper left corner of the page. */
export interface SheetArea {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Style {
  size: number;
  weight?: Weight;
  colour: string;
}

const n = (value: number) => String(Math.round(value * 100) / 100);
const rgb = (hex: string) => [1, 3, 5].map((at) => n(Number.parseInt(hex.slice(at, at + 2), 16) / 255)).join(" ");
/** Where the middle of the letters is below the middle of a line, in units of their size. */
const drop = 0.38;

const segmenter = new Intl.Segmenter("ja", { granularity: "word" });
const neverFirst = /^[、。，．・：；？！）］｝」』】〉》〕ぁぃぅぇぉっゃゅょゎァィゥェォッャュョー々,.:;?!)\]}]/u;

/** The text in lines of at most this width in points, broken between words. */
export function wrap(text: string, width: number, { size, weight = "Regular" }: Omit<Style, "colour">): string[] {
  const lines = [""];
  for (const { segment } of segmenter.segment(text)) {
    const line = lines.at(-1) ?? "";
    const fits = widthOf(line + segment, weight) * size <= width;
    if (fits || line === "" || neverFirst.test(segment)) lines[lines.length - 1] = line + segment;
    else lines.push(segment);
  }
  return lines;
}

export class Sheets {
  readonly tags = new Tags();
  readonly #pages: Mark[][] = [];
  /** What is to be done with the form once the fonts are there, in the order in which boxes were drawn. */
  readonly #boxes: ((form: Form) => void)[] = [];
  readonly variant: Variant;

  constructor(variant: Variant) {
    this.variant = variant;
  }

  /** A new page, on which everything is drawn from now on. */
  addPage(): void {
    this.#pages.push([]);
  }

  get page(): number {
    return this.#pages.length - 1;
  }

  #draw(...marks: Mark[]): void {
    this.#pages.at(-1)?.push(...marks);
  }

  /** One line of words in the middle of a line of this height; part of the tag that is open, or of none. */
  line(text: string, at: { left: number; top: number; height: number; isAside?: boolean }, style: Style): void {
    const { size, weight = "Regular", colour } = style;
    const y = paper.height - at.top - at.height / 2 - size * drop;
    const mark = at.isAside ? "/Artifact BMC" : `/Span <</MCID ${this.tags.mark(this.page)}>> BDC`;
    const font = `/${fontNames[weight].decodeText()} ${n(size)} Tf`;
    this.#draw(mark, `BT ${rgb(colour)} rg ${font} 1 0 0 1 ${n(at.left)} ${n(y)} Tm`);
    this.#draw({ weight, text: drawable(text, weight) }, "Tj ET EMC");
  }

  /** Words in as many lines as they need; answers where they end. */
  paragraph(text: string, at: { left: number; top: number; width: number }, style: Style): number {
    const height = style.size * 1.55;
    const lines = wrap(text, at.width, style);
    for (const [index, line] of lines.entries())
      this.line(line, { left: at.left, top: at.top + index * height, height }, style);
    return at.top + lines.length * height;
  }

  /** A rectangle with round corners, filled, outlined or both; read out by nobody. */
  box(
    { left, top, width, height }: SheetArea,
    look: { fill?: string; line?: string; thick?: number; radius?: number },
  ): void {
    const radius = look.radius ?? 3;
    const [x, y, right, upper] = [left, paper.height - top - height, left + width, paper.height - top];
    const k = radius * 0.45;
    const path = [
      `${n(x + radius)} ${n(y)} m ${n(right - radius)} ${n(y)} l`,
      `${n(right - k)} ${n(y)} ${n(right)} ${n(y + k)} ${n(right)} ${n(y + radius)} c ${n(right)} ${n(upper - radius)} l`,
      `${n(right)} ${n(upper - k)} ${n(right - k)} ${n(upper)} ${n(right - radius)} ${n(upper)} c ${n(x + radius)} ${n(upper)} l`,
      `${n(x + k)} ${n(upper)} ${n(x)} ${n(upper - k)} ${n(x)} ${n(upper - radius)} c ${n(x)} ${n(y + radius)} l`,
      `${n(x)} ${n(y + k)} ${n(x + k)} ${n(y)} ${n(x + radius)} ${n(y)} c h`,
    ].join(" ");
    const colours = [look.fill && `${rgb(look.fill)} rg`, look.line && `${rgb(look.line)} RG`]
      .filter(Boolean)
      .join(" ");
    const paint = look.fill && look.line ? "B" : look.fill ? "f" : "S";
    this.#draw(`/Artifact BMC q ${n(look.thick ?? 0.75)} w ${colours} ${path} ${paint} Q EMC`);
  }

  /** A straight line, dotted where somebody writes on it. */
  rule(from: { left: number; top: number }, width: number, colour: string, isDotted = false): void {
    const y = n(paper.height - from.top);
    const dots = isDotted ? "[1 2] 0 d " : "";
    this.#draw(
      `/Artifact BMC q 0.6 w ${dots}${rgb(colour)} RG ${n(from.left)} ${y} m ${n(from.left + width)} ${y} l S Q EMC`,
    );
  }

  /** A field's box, in the fillable variant; in the tag that is open. */
  field(
    area: SheetArea,
    field: { name: string; tooltip: string } & ({ isTick: true } | { size: number; isMultiline: boolean }),
  ) {
    if (this.variant === "printable") return;
    const { page } = this;
    const { left, top, width, height } = area;
    const rect = [left, paper.height - top - height, left + width, paper.height - top] as const;
    this.tags.within("Form", () => {
      const place = this.tags.widget(page);
      this.#boxes.push((form) => {
        const box = { name: field.name, tooltip: field.tooltip, page, rect };
        place("isTick" in field ? form.tick(box) : form.text({ ...box, ...field }));
      });
    });
  }

  #lettersOf(weight: Weight): Set<string> {
    const words = this.#pages.flat().filter((mark) => typeof mark !== "string");
    return new Set(words.filter((word) => word.weight === weight).flatMap(({ text }) => [...text]));
  }

  /** The PDF. Its fonts hold the letters that are printed, and where somebody types, all there are. */
  async save(title: string, author: string, day: Date): Promise<Buffer> {
    const document = await PDFDocument.create({ updateMetadata: false });
    const isForm = this.variant === "fillable";
    const subset = (weight: Weight) => fontProgram(`KOMICH+NotoSansJP-${weight}`, weight, this.#lettersOf(weight));
    const regular = isForm ? wholeFont() : subset("Regular");
    const name = isForm ? "NotoSansJP-Regular" : "KOMICH+NotoSansJP-Regular";
    const fonts = {
      Regular: embedFont(document, name, regular),
      Bold: embedFont(document, "KOMICH+NotoSansJP-Bold", subset("Bold")),
    };
    for (const marks of this.#pages) {
      const page = document.addPage([paper.width, paper.height]);
      const text = marks.map((mark) => (typeof mark === "string" ? mark : encoded(fonts[mark.weight], mark.text)));
      const { context } = document;
      page.node.set(PDFName.of("Contents"), context.register(context.flateStream(text.join("\n"))));
      page.node.set(PDFName.of("Tabs"), PDFName.of("S"));
      for (const weight of ["Regular", "Bold"] as const)
        page.node.setFontDictionary(fontNames[weight], fonts[weight].ref);
    }
    if (isForm) {
      const form = new Form(document, fonts.Regular);
      for (const draw of this.#boxes) draw(form);
      form.write();
    }
    this.tags.write(document);
    document.setTitle(title, { showInWindowTitleBar: true });
    document.setLanguage("ja");
    document.setAuthor(author);
    document.setCreationDate(day);
    document.setModificationDate(day);
    return Buffer.from(await document.save({ updateFieldAppearances: false }));
  }
}

let whole: ReturnType<typeof fontProgram> | undefined;
/** A second or two, once for all booklets. */
const wholeFont = () => (whole ??= fontProgram("NotoSansJP-Regular", "Regular"));
