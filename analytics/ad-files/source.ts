/** The bytes of an export: what they are, their hash and their character encoding, found without holding them. */

import { createHash } from "node:crypto";
import { decodes, type TextEncoding, encodingOf, type NoText, noTextIn } from "#analytics/text-encoding.ts";
import { Refused } from "#db/errors.ts";

/** A file that can be read from its beginning as often as needed, in parts, so that its size costs no memory. */
export interface AdsSource {
  name: string;
  open: () => AsyncIterable<Uint8Array>;
}

/** A file that is in memory already. */
export const sourceOf = (name: string, bytes: Uint8Array): AdsSource => ({
  name,
  // oxlint-disable-next-line require-await -- an async iterable of one part
  open: async function* () {
    if (bytes.length > 0) yield bytes;
  },
});

export interface Inspected {
  /** SHA-256 in hexadecimal. */
  hash: string;
  bytes: number;
  encoding: TextEncoding;
}

/** What to do with a file that is no text. */
const instead: Record<NoText, string> = {
  xlsx: "Excel のブック（.xlsx）か ZIP です。Google 広告の「ダウンロード」で .csv を選んで書き出してください。",
  xls: "古い Excel のブック（.xls）です。Google 広告の「ダウンロード」で .csv を選んで書き出してください。",
  pdf: "PDF です。レポートを .csv で書き出してください。",
  png: "画像（PNG）です。画面の写真ではなく、レポートを .csv で書き出してください。",
  jpeg: "画像（JPEG）です。画面の写真ではなく、レポートを .csv で書き出してください。",
  gif: "画像（GIF）です。画面の写真ではなく、レポートを .csv で書き出してください。",
  gzip: "圧縮されたファイル（gzip）です。展開して、中の .csv を取り込んでください。",
};

/** The file's hash, size and encoding (analytics/text-encoding.ts). Reads it once, whole. Throws Refused for what is no text. */
export async function inspect(source: AdsSource): Promise<Inspected> {
  const hash = createHash("sha256");
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  let [bytes, isUtf8] = [0, true];
  let head = Buffer.alloc(0);
  for await (const part of source.open()) {
    if (head.length < 400) {
      head = Buffer.concat([head, part.subarray(0, 400)]);
      refuseOther(head);
    }
    hash.update(part);
    bytes += part.length;
    isUtf8 &&= decodes(utf8, part);
  }
  isUtf8 &&= decodes(utf8);
  return { hash: hash.digest("hex"), bytes, encoding: encodingOf(head, isUtf8) };
}

function refuseOther(head: Buffer): void {
  const kind = noTextIn(head);
  if (kind) throw new Refused(instead[kind]);
}
