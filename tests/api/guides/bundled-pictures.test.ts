/** The pictures that come with the bundled guides are those of their PDFs, so that no PDF is examined at the first start. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pictureName } from "#api/guides/install-bundled.ts";
import { examinePdf } from "#api/guides/pdf.ts";

const folder = "site/content/guides";
const slugs = readdirSync(folder)
  .filter((name) => name.endsWith(".pdf"))
  .map((name) => name.replace(/\.pdf$/u, ""));

test.each(slugs)(
  "%s: picture and number of pages are those of the PDF (else: node tests/print-guides.ts)",
  async (slug) => {
    const content = readFileSync(join(folder, `${slug}.pdf`));
    const { pages, picture } = await examinePdf(content);
    const pictures = readdirSync(folder).filter((name) => name.startsWith(`${slug}.`) && name.endsWith(".webp"));
    expect(pictures).toEqual([pictureName(slug, content, picture)]);
    expect(readFileSync(join(folder, pictures[0] ?? "")).equals(picture.content)).toBe(true);
    expect(readFileSync(join(folder, `${slug}.md`), "utf8")).toContain(`\npages: ${pages}\n`);
  },
);
