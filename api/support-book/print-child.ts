/**
 * The program that prints the support book, in a process of its own: fonts, outlines and the pictures of first pages take
 * memory that is free again when it ends.
 */

import type { OrganisationValues } from "#api/booklet/parts.ts";
import { examinePdf } from "#api/guides/pdf.ts";
import { bookName, editionNames, editionPictureName } from "./book.ts";
import { printAll } from "./print-all.ts";

/** PDFs and pictures by the names of their files. Throws UnusablePdf if a PDF had active content. */
async function answer(values: OrganisationValues): Promise<Record<string, Buffer>> {
  const printed = await printAll(values);
  for (const edition of editionNames) {
    const { picture } = await examinePdf(printed[bookName(edition, "fillable")] ?? Buffer.alloc(0));
    printed[editionPictureName(edition)] = picture.content;
  }
  return printed;
}

process.once("message", (values) => {
  void answer(values as OrganisationValues).then((printed) => process.send?.(printed));
});
