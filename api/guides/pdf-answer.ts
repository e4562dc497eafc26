/** A PDF as the answer to a request. */

import type { AppContext } from "#api/http/context.ts";

export interface PdfFile {
  content: Buffer;
  fileName: string;
  /** In ASCII, for old software that does not understand the other. */
  plainName?: string;
}

/** RFC 6266: an ASCII name for old software, the real one in RFC 8187 form. */
const disposition = ({ fileName, plainName = "guide.pdf" }: Omit<PdfFile, "content">) =>
  `attachment; filename="${plainName}"; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()*]/gu, (ch) => `%${ch.charCodeAt(0).toString(16).toUpperCase()}`)}`;

/** The response: downloaded under its own file name, and not indexed by search engines. */
export const answerPdf = (c: AppContext, { content, ...names }: PdfFile): Response =>
  c.body(new Uint8Array(content), 200, {
    "Content-Type": "application/pdf",
    "Content-Disposition": disposition(names),
    "Content-Length": String(content.length),
    "X-Robots-Tag": "noindex",
  });
