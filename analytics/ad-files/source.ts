/** The bytes of an export: what they are, their hash and their character encoding, found without holding them. */

import { createHash } from "node:crypto";
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

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "cp932";

export interface Inspected {
  /** SHA-256 in hexadecimal. */
  hash: string;
  bytes: number;
  encoding: Encoding;
}

/** Files that people send instead of the export, by their first bytes. */
const others: [bytes: number[], sentence: string][] = [
  [
    [0x50, 0x4b, 0x03, 0x04],
    "Excel のブック（.xlsx）か ZIP です。Google 広告の「ダウンロード」で .csv を選んで書き出してください。",
  ],
  [
    [0xd0, 0xcf, 0x11, 0xe0],
    "古い Excel のブック（.xls）です。Google 広告の「ダウンロード」で .csv を選んで書き出してください。",
  ],
  [[0x25, 0x50, 0x44, 0x46], "PDF です。レポートを .csv で書き出してください。"],
  [[0x89, 0x50, 0x4e, 0x47], "画像（PNG）です。画面の写真ではなく、レポートを .csv で書き出してください。"],
  [[0xff, 0xd8, 0xff], "画像（JPEG）です。画面の写真ではなく、レポートを .csv で書き出してください。"],
  [[0x47, 0x49, 0x46, 0x38], "画像（GIF）です。画面の写真ではなく、レポートを .csv で書き出してください。"],
  [[0x1f, 0x8b], "圧縮されたファイル（gzip）です。展開して、中の .csv を取り込んでください。"],
];

/**
 * UTF-8 and UTF-16 by their byte order marks, else by their bytes; CP932 (Excel on a Japanese Windows) for the rest.
 * Reads the whole file once. Throws Refused for what is no text.
 */
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
  const found = others.find(([start]) => start.every((byte, at) => head[at] === byte));
  if (found) throw new Refused(found[1]);
}

function decodes(decoder: TextDecoder, part?: Uint8Array): boolean {
  try {
    decoder.decode(part, { stream: part !== undefined });
    return true;
  } catch {
    return false;
  }
}

function encodingOf(head: Buffer, isUtf8: boolean): Encoding {
  if ((head[0] === 0xff && head[1] === 0xfe) || looksLikeUtf16(head)) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  return isUtf8 ? "utf-8" : "cp932";
}

/** UTF-16 without a byte order mark: every second byte of its ASCII letters is zero. */
function looksLikeUtf16(head: Buffer): boolean {
  const part = head.subarray(0, 400);
  const zeros = part.filter((byte, at) => at % 2 === 1 && byte === 0).length;
  return part.length > 20 && zeros > part.length / 10;
}
