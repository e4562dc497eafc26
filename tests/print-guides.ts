/**
 * Prints every guide in site/content/guides as the PDF people download, beside its text, and the picture of its first page.
 * Set in BIZ UDPGothic, made to be legible to everyone, and TrueType: Chromium draws CFF faces such as
 * Noto Sans CJK as Type 3 outlines, twice the size and blurred on many screens.
 *
 * Usage: node tests/print-guides.ts (needs Debian's fonts-morisawa-bizud-gothic; the PDFs are committed)
 */

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sparticuz from "@sparticuz/chromium";
import MarkdownIt from "markdown-it";
import { chromium } from "playwright-core";
import { pictureName } from "#api/guides/install-bundled.ts";
import { examinePdf } from "#api/guides/pdf.ts";
import { settings } from "#db/settings/settings.ts";
import { hoursLabel } from "#db/settings/wording.ts";
import { wordsIn } from "#db/words/words.ts";

const folder = fileURLToPath(new URL("../site/content/guides", import.meta.url));

const style = `
  @page { size: A4; margin: 22mm 20mm 20mm; @bottom-center { content: counter(page) " / " counter(pages); font: 9pt "BIZ UDPGothic"; color: #4d4d4d } }
  @page :first { margin: 0; @bottom-center { content: none } }
  body { margin: 0; font: 11.75pt/1.75 "BIZ UDPGothic"; color: #1a1a1c; line-break: strict; text-align: justify }
  .cover { height: 297mm; padding: 60mm 24mm 24mm; box-sizing: border-box; background: #fff7ef; break-after: page; position: relative; text-align: left }
  .cover::before { content: ""; position: absolute; inset: 0 0 auto; height: 16mm; background: #00316a }
  h1 { margin: 0 0 8mm; font-size: 27pt; line-height: 1.4; text-wrap: balance; word-break: auto-phrase }
  .cover p { margin: 0 0 4mm; font-size: 12pt }
  .cover ol { margin: 10mm 0; padding-left: 7mm; font-size: 12pt; line-height: 2 }
  .cover footer { position: absolute; inset: auto 24mm 20mm; font-size: 9.5pt; line-height: 1.7 }
  .cover footer p { margin: 0 0 2mm; font-size: 9.5pt }
  .invented { padding: 3mm 4mm; border: 1px solid #767676; border-radius: 2mm }
  h2 { margin: 0 0 5mm; padding-bottom: 2mm; border-bottom: 1mm solid #00316a; font-size: 17pt; line-height: 1.4; break-before: page; break-after: avoid }
  h2:first-of-type { break-before: auto }
  h3 { margin: 5.5mm 0 1mm; font-size: 13pt; line-height: 1.5; break-after: avoid; color: #00316a }
  p { margin: 0 0 2mm; orphans: 2; widows: 2 }
  td:only-child { height: 16mm }
  table { width: calc(100% - 1px); border-collapse: collapse; margin: 3mm 0; font-size: 11pt }
  /* Answers are written by hand: the last column takes what the questions leave. */
  th:last-child:not(:only-child) { width: 45% }
  th, td { height: 8mm; padding: 1mm 2.5mm; border: 1px solid #767676; text-align: left; vertical-align: middle; line-height: 1.5 }
  th { background: #e8f1fe }
  tr { break-inside: avoid }
`;

/** The fields between the two `---` lines: one `key: value` a line. */
function read(file: string): { fields: Record<string, string>; body: string } {
  const [, head = "", body = ""] = /^---\n(.*?)\n---\n(.*)$/su.exec(readFileSync(file, "utf8")) ?? [];
  const pairs = head.split("\n").map((line) => line.split(/: (.*)/su).slice(0, 2) as [string, string]);
  return { fields: Object.fromEntries(pairs), body };
}

function page(file: string): string {
  const { fields, body } = read(file);
  const parts = [...body.matchAll(/^## (.+)$/gmu)].map(([, heading]) => `<li>${heading}</li>`);
  return `<!doctype html><html lang="ja"><meta charset="utf-8"><title>${fields["title"]}</title><style>${style}</style>
    <section class="cover"><h1>${fields["title"]}</h1><p>${fields["summary"]}</p><p>読んでいただきたい方: ${fields["forWhom"]}</p><ol>${parts.join("")}</ol>
    <footer><p>${settings().legalName.ja}　${settings().phone}（${hoursLabel("ja", settings())}）<br>${new Date(`${fields["updated"]}T00:00:00Z`).toLocaleDateString("ja-JP", { dateStyle: "long" })} 更新</p>
    <p>この冊子は一般的な説明です。治療のことは主治医に、制度の対象や手続きは窓口で確かめてください。</p><p class="invented">${wordsIn("ja").site.invented}</p></footer></section>
    ${new MarkdownIt().render(body)}</html>`;
}

const browser = await chromium.launch({
  executablePath: await sparticuz.executablePath(),
  args: ["--no-sandbox", "--headless=shell", "--no-zygote"],
});
for (const name of readdirSync(folder).filter((entry) => entry.endsWith(".md"))) {
  const tab = await browser.newPage();
  await tab.setContent(page(join(folder, name)));
  const pdf = await tab.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true });
  writeFileSync(join(folder, name.replace(/md$/u, "pdf")), pdf);
  const slug = name.replace(/\.md$/u, "");
  for (const entry of readdirSync(folder).filter((other) => other.startsWith(`${slug}.`) && other.endsWith(".webp")))
    rmSync(join(folder, entry));
  const { picture } = await examinePdf(pdf);
  writeFileSync(join(folder, pictureName(slug, pdf, picture)), picture.content);
  process.stdout.write(`${name}: ${pdf.length} bytes\n`);
  await tab.close();
}
await browser.close();
