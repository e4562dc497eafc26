/** One edition as a PDF: its head, its sections one after the other, and how to reach the organisation. */

import { widthOf } from "#api/drawings/outlines.ts";
import { type Group, blockGroupOf, type Row } from "./blocks.ts";
import { printArea, ink, type Look, lookOf, soft, white } from "./look.ts";
import { type Booklet, type OrganisationValues, type BookletSection, type Variant, variants } from "./parts.ts";
import { paper, Sheets, wrap } from "./sheet.ts";

class Printer {
  readonly sheets: Sheets;
  readonly look: Look;
  readonly booklet: Booklet;
  readonly values: OrganisationValues;
  #top = 0;

  constructor(booklet: Booklet, variant: Variant, values: OrganisationValues) {
    this.sheets = new Sheets(variant);
    this.booklet = booklet;
    this.values = values;
    this.look = lookOf(booklet.isDense, variant, values.palette);
    this.sheets.addPage();
  }

  /** The band with the title on the first page. */
  band(): void {
    const { sheets, look } = this;
    const { title, edition: name, lead, head, isDense } = this.booklet;
    const height = isDense ? 70 : 96;
    sheets.box({ left: 0, top: 0, width: paper.width, height }, { fill: look.head, radius: 0 });
    const size = isDense ? 21 : 27;
    const row = { top: isDense ? 10 : 18, height: 36 };
    sheets.tags.within("H1", () => {
      const style = { size, weight: "Bold", colour: look.onHead } as const;
      sheets.line(title, { left: printArea.left, ...row }, style);
      const left = printArea.left + widthOf(title, "Bold") * size + 16;
      const width = widthOf(name, "Bold") * 15 + 28;
      sheets.box({ left, top: row.top + 4, width, height: 28 }, { fill: look.onHead, radius: 14 });
      const inside = { left: left + 14, top: row.top + 4, height: 28 };
      sheets.line(name, inside, { size: 15, weight: "Bold", colour: look.head });
    });
    const under = { left: printArea.left, top: row.top + 37, height: 18 };
    sheets.tags.within("P", () => sheets.line(lead, under, { size: 9.5, colour: look.onHead }));
    this.#top = height + (isDense ? 6 : 14);
    this.#foot();
    if (isDense) this.#headInBand();
    if (this.values.notice !== "") this.#small(this.values.notice);
    const fields = { kind: "fields", rows: [head] } as const;
    if (!isDense) this.#flow(blockGroupOf({ sheets, look, section: { id: "head", title } }, fields));
  }

  /** A dense booklet has no room for a row of its own for its head. */
  #headInBand(): void {
    const { sheets, look } = this;
    for (const [at, { id, label, asks }] of this.booklet.head.entries()) {
      const area = { left: printArea.left + printArea.width - 110, top: 10 + at * 27, width: 110, height: 23 };
      const left = area.left - 8 - widthOf(label, "Bold") * 8.5;
      const style = { size: 8.5, weight: "Bold", colour: look.onHead } as const;
      sheets.tags.within("P", () => sheets.line(label, { ...area, left }, style));
      sheets.box(area, { fill: white, line: look.line });
      sheets.field(area, { name: `head-${id}`, tooltip: asks, size: 11, isMultiline: false });
    }
  }

  #small(text: string): void {
    const style = { size: 8, colour: soft };
    const at = { left: printArea.left, top: this.#top, width: printArea.width };
    this.sheets.tags.within("P", () => (this.#top = this.sheets.paragraph(text, at, style) + 4));
  }

  #foot(): void {
    const { sheets } = this;
    const page = `${sheets.page + 1} / ${this.booklet.pages}`;
    const at = { top: paper.height - 34, height: 14, isAside: true };
    sheets.line(this.values.name, { left: printArea.left, ...at }, { size: 8, colour: soft });
    const right = printArea.left + printArea.width - widthOf(page, "Regular") * 9;
    sheets.line(page, { left: right, ...at }, { size: 9, colour: soft });
  }

  /** What is left of a page is for what did not fit elsewhere. */
  #memo(room = this.#room): void {
    const { sheets, look } = this;
    const lines = Math.floor((room - look.sectionGap - look.label * 1.6 - look.box) / look.pitch) + 1;
    if (this.booklet.isDense || lines < 2) return;
    const field = { id: `page-${sheets.page + 1}`, label: "メモ", asks: "このページのメモ", lines };
    const memo = blockGroupOf(
      { sheets, look, section: { id: "memo", title: "メモ" } },
      { kind: "fields", rows: [[field]] },
    );
    this.#top += look.sectionGap - 4;
    for (const row of memo.rows) this.#place(row);
  }

  #newPage(isWithMemo = true): void {
    if (isWithMemo) this.#memo();
    const { sheets, look } = this;
    const { title, edition, nameField } = this.booklet;
    sheets.addPage();
    this.#foot();
    const at = { top: 26, height: 22, isAside: true };
    sheets.line(`${title}　${edition}`, { left: printArea.left, ...at }, { size: 9, colour: soft });
    const width = 170;
    const left = printArea.left + printArea.width - width;
    sheets.line("呼び名", { left: left - 34, ...at }, { size: 9, colour: soft });
    const area = { left, top: 26, width, height: 22 };
    sheets.box(area, { fill: sheets.variant === "fillable" ? look.tint : white, line: look.line });
    sheets.tags.atRoot(() => sheets.field(area, { ...nameField, size: 11, isMultiline: false }));
    this.#top = this.booklet.isDense ? 52 : 62;
  }

  get #room(): number {
    return printArea.bottom - this.#top;
  }

  #place(row: Row): void {
    row.draw(this.#top);
    this.#top += row.height;
  }

  /** Draws the rows, on as many pages as they need; a table begins with two rows at least. */
  #flow({ tag, header, rows }: Group): void {
    const start = (header?.height ?? 0) + heightOf(rows.slice(0, header ? 2 : 1));
    if (start > this.#room) this.#newPage();
    const draw = () => {
      if (header) this.#place(header);
      for (const row of rows) {
        if (row.height > this.#room + this.look.gap) {
          this.#newPage(false);
          if (header) this.#place(header);
        }
        this.#place(row);
      }
    };
    if (tag) this.sheets.tags.within(tag, draw);
    else draw();
  }

  /** One section, numbered; begun on a new page where it would be cut in two and little of it fits here. */
  section(section: BookletSection, number: number): void {
    const { sheets, look } = this;
    const groups = section.blocks.map((block) => blockGroupOf({ sheets, look, section }, block));
    const lead = { size: 9, colour: soft };
    const leadHeight = section.lead === "" ? 0 : wrap(section.lead, printArea.width - 32, lead).length * 14 + 2;
    const head = look.sectionGap + look.heading * 1.6 + leadHeight + 4;
    const whole = head + groups.reduce((sum, { header, rows }) => sum + (header?.height ?? 0) + heightOf(rows), 0);
    const [first] = groups;
    const start = head + (first?.header?.height ?? 0) + heightOf(first?.rows.slice(0, 2) ?? []);
    if (whole > this.#room && (start > this.#room || this.#room < 300)) this.#newPage();
    sheets.tags.within("Sect", () => {
      this.#heading(section, number, lead);
      for (const group of groups) this.#flow(group);
    });
  }

  #heading({ title: words, lead }: BookletSection, number: number, style: { size: number; colour: string }): void {
    const { sheets, look } = this;
    const height = look.heading * 1.6;
    const top = this.#top + look.sectionGap;
    const across = look.heading + 8;
    const circle = { left: printArea.left, top: top + (height - across) / 2, width: across, height: across };
    sheets.box(circle, { fill: look.strong, radius: across / 2 });
    const digits = { size: look.heading - 3, weight: "Bold", colour: white } as const;
    const middle = printArea.left + (across - widthOf(String(number), "Bold") * digits.size) / 2;
    sheets.tags.within("H2", () => {
      sheets.line(String(number), { left: middle, top, height }, digits);
      const left = printArea.left + across + 8;
      sheets.line(words, { left, top, height }, { size: look.heading, weight: "Bold", colour: look.strong });
    });
    this.#top = top + height + 2;
    const at = { left: printArea.left + across + 8, top: this.#top, width: printArea.width - across - 8 };
    if (lead !== "") sheets.tags.within("P", () => (this.#top = sheets.paragraph(lead, at, style) + 2));
    this.#top += 2;
  }

  /** At the end of the last page: who made it, how to reach them, and that nothing leaves this file. */
  back(): void {
    const { sheets, look } = this;
    const { legalName, phone, hours } = this.values;
    const call = phone === "" ? "" : `電話 ${phone}（${hours}）`;
    const kept =
      sheets.variant === "fillable"
        ? "書いたことは、このPDFの中だけに残り、どこにも送られません。渡した相手を覚えておいてください。"
        : "渡した相手を覚えておき、直したら古いものを返してもらってください。";
    const size = 9.5;
    const lines = [
      { text: `この本の使い方の相談: ${legalName}`, size, weight: "Bold", colour: ink },
      { text: call, size, weight: "Regular", colour: ink },
      { text: this.booklet.isDense ? "" : kept, size: 8.5, weight: "Regular", colour: soft },
    ] as const;
    const shown = lines.filter(({ text }) => text !== "");
    const height = shown.length * 16 + 12;
    if (height > this.#room + 6) this.#newPage();
    this.#memo(this.#room - height);
    const top = printArea.bottom - height + 6;
    sheets.box({ left: printArea.left, top, width: printArea.width, height }, { fill: look.tint, radius: 6 });
    for (const [at, { text, ...style }] of shown.entries()) {
      // Opening hours may be long: one line all the same.
      const fits = (printArea.width - 24) / widthOf(text, style.weight);
      const place = { left: printArea.left + 12, top: top + 6 + at * 16, height: 16 };
      sheets.tags.within("P", () => sheets.line(text, place, { ...style, size: Math.min(style.size, fits) }));
    }
  }
}

const heightOf = (rows: readonly Row[]) => rows.reduce((sum, { height }) => sum + height, 0);

/** The PDF of a booklet; half a second, and for the first fillable one two more. `day` is that of its last change. */
export async function printBooklet(
  booklet: Booklet,
  variant: Variant,
  values: OrganisationValues,
  day: Date,
): Promise<Buffer> {
  const printer = new Printer(booklet, variant, values);
  printer.band();
  for (const [at, section] of booklet.sections.entries()) printer.section(section, at + 1);
  printer.back();
  const name = `${booklet.title}（${booklet.edition}、${variants[variant]}）`;
  return printer.sheets.save(name, values.name, day);
}
