/** Worker thread (started by pdf.ts) that opens one PDF, counts its pages and renders the first. */

import { parentPort, workerData } from "node:worker_threads";
import { PDFiumLibrary } from "@hyzyla/pdfium";
import { type PdfFinding, findActive } from "./pdf-contents.ts";

/**
 * "locked": it needs a password. "active", "unclear": see pdf-contents.ts. "broken": it cannot be opened as a
 * PDF. "blank": its first page cannot be rendered. "empty": it has no pages.
 */
export type OpenedPdf =
  | { pages: number; width: number; height: number; pixels: Uint8Array }
  | PdfFinding
  | "broken"
  | "blank"
  | "empty";

/** Rendered at twice the size it is shown at, so that small text stays legible; also the limit for long pages. */
const maxPixels = { width: 960, height: 1920 };

/** Checks for active content before anything is rendered. */
async function open(content: Uint8Array): Promise<OpenedPdf> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(content).catch((error: Error) => error);
  if (document instanceof Error) return /password|security/iu.test(document.message) ? "locked" : "broken";
  try {
    const pages = document.getPageCount();
    if (pages < 1) return "empty";
    const finding = await findActive(content);
    if (finding !== undefined) return finding;
    const page = document.getPage(0);
    const { originalWidth, originalHeight } = page.getOriginalSize();
    const scale = Math.min(maxPixels.width / originalWidth, maxPixels.height / originalHeight);
    const width = Math.round(originalWidth * scale);
    const height = Math.round(originalHeight * scale);
    // Not `>= 1` alone: a page that could not be loaded has no size, and its scale is infinite.
    if (!(width >= 1 && height >= 1)) return "blank";
    const { data } = await page.render({ width, height });
    return { pages, width, height, pixels: Uint8Array.from(data) };
  } finally {
    document.destroy();
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(await open(workerData as Uint8Array));
