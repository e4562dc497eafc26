/** The structure by which a PDF is read aloud (ISO 32000-2, 14.7): headings, paragraphs, tables and boxes in their order. */

import {
  type PDFContext,
  type PDFDict,
  type PDFDocument,
  PDFName,
  PDFNumber,
  type PDFObject,
  type PDFRef,
} from "pdf-lib";

export type TagName = "Sect" | "H1" | "H2" | "P" | "Form" | "Table" | "TR" | "TH" | "TD";

/** What a tag holds: other tags, a marked piece of a page, or the box of a field. */
type Kid = Tag | { page: number; mark: number } | Place;

interface Place {
  page: number;
  made: { widget: PDFDict; ref: PDFRef } | undefined;
}

interface Tag {
  name: TagName | "Document";
  kids: Kid[];
}

/** Collects tags while pages are written. */
export class Tags {
  readonly #root: Tag = { name: "Document", kids: [] };
  #open: Tag[] = [this.#root];
  readonly #marks = new Map<number, number>();

  /** Everything that `write` adds stands in this tag. */
  within(name: TagName, write: () => void): void {
    const tag: Tag = { name, kids: [] };
    this.#open.at(-1)?.kids.push(tag);
    this.#open.push(tag);
    write();
    this.#open.pop();
  }

  /** Everything that `write` adds stands beside the tags that are open: what is on every page. */
  atRoot(write: () => void): void {
    const open = this.#open;
    this.#open = [this.#root];
    write();
    this.#open = open;
  }

  /** The number of a new piece of this page, in the tag that is open. */
  mark(page: number): number {
    const mark = this.#marks.get(page) ?? 0;
    this.#marks.set(page, mark + 1);
    this.#open.at(-1)?.kids.push({ page, mark });
    return mark;
  }

  /** The place of a field's box in the tag that is open; to be told the box once it is made. */
  widget(page: number): (made: { widget: PDFDict; ref: PDFRef }) => void {
    const place: Place = { page, made: undefined };
    this.#open.at(-1)?.kids.push(place);
    return (made) => (place.made = made);
  }

  /** Writes the tree into the document, whose pages are all there. */
  write(document: PDFDocument): void {
    const { context } = document;
    const pages = document.getPages();
    const parents = pages.map((): PDFRef[] => []);
    const ofWidgets: PDFRef[] = [];
    const root = context.nextRef();
    const kidOf = (kid: Kid, parent: PDFRef): PDFObject => {
      if ("name" in kid) return elementOf(kid, parent);
      const page = pages[kid.page]?.ref ?? root;
      if ("mark" in kid) {
        (parents[kid.page] ?? [])[kid.mark] = parent;
        return context.obj({ Type: "MCR", Pg: page, MCID: kid.mark });
      }
      if (kid.made === undefined) throw new Error("a box that was never made");
      kid.made.widget.set(PDFName.of("StructParent"), PDFNumber.of(pages.length + ofWidgets.length));
      ofWidgets.push(parent);
      return context.obj({ Type: "OBJR", Pg: page, Obj: kid.made.ref });
    };
    const elementOf = ({ name, kids }: Tag, parent: PDFRef): PDFRef => {
      const ref = context.nextRef();
      const scope = name === "TH" ? { A: context.obj({ O: "Table", Scope: "Column" }) } : {};
      const K = kids.map((kid) => kidOf(kid, ref));
      context.assign(ref, context.obj({ Type: "StructElem", S: name, P: parent, K, ...scope }));
      return ref;
    };
    const top = elementOf(this.#root, root);
    for (const [at, page] of pages.entries()) page.node.set(PDFName.of("StructParents"), PDFNumber.of(at));
    const numbers = [...parents.map((refs) => context.obj(refs)), ...ofWidgets].flatMap((value, at) => [at, value]);
    const tree = context.register(context.obj({ Nums: numbers }));
    const next = pages.length + ofWidgets.length;
    context.assign(root, context.obj({ Type: "StructTreeRoot", K: [top], ParentTree: tree, ParentTreeNextKey: next }));
    markAsTagged(context, document.catalog, root);
  }
}

function markAsTagged(context: PDFContext, catalog: PDFDict, root: PDFRef): void {
  catalog.set(PDFName.of("StructTreeRoot"), root);
  catalog.set(PDFName.of("MarkInfo"), context.obj({ Marked: true }));
}
