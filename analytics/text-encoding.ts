/** Tables as offices save them: which files are no text at all, and in which character encoding a text is. */

import iconv from "iconv-lite";
import { Refused } from "#db/errors.ts";

export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "cp932";

/** Files that people send instead of a text, by their first bytes. */
const signatures = {
  xlsx: [0x50, 0x4b, 0x03, 0x04],
  xls: [0xd0, 0xcf, 0x11, 0xe0],
  pdf: [0x25, 0x50, 0x44, 0x46],
  png: [0x89, 0x50, 0x4e, 0x47],
  jpeg: [0xff, 0xd8, 0xff],
  gif: [0x47, 0x49, 0x46, 0x38],
  gzip: [0x1f, 0x8b],
} as const;
export type NoText = keyof typeof signatures;

/** What a file is that is no text, by its beginning ("xlsx" is any ZIP); undefined for what may be one. */
export const noTextIn = (head: Uint8Array): NoText | undefined =>
  (Object.keys(signatures) as NoText[]).find((kind) => signatures[kind].every((byte, at) => head[at] === byte));

/** Whether the decoder takes this part, or the end where there is none. */
export function decodes(decoder: TextDecoder, part?: Uint8Array): boolean {
  try {
    decoder.decode(part, { stream: part !== undefined });
    return true;
  } catch {
    return false;
  }
}

/**
 * UTF-8 and UTF-16 by their byte order marks, else by their bytes; CP932 (Excel on a Japanese Windows) for the rest.
 * `head` is the beginning of the file, 400 bytes of it where there are as many.
 */
export function encodingOf(head: Buffer, isUtf8: boolean): TextEncoding {
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

/** The text as it is. Throws Refused where CP932 was the guess that was left, and it was wrong. */
export function readable(text: string, encoding: TextEncoding): string {
  if (encoding === "cp932" && text.includes("\ufffd"))
    throw new Refused("文字コードが分かりません。UTF-8 で保存し直してください。");
  return text;
}

/** A whole file in memory as text, without its byte order mark. Throws Refused where it is in none of the encodings. */
export function textOf(bytes: Uint8Array): string {
  const whole = Buffer.from(bytes);
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  const encoding = encodingOf(whole, decodes(utf8, whole) && decodes(utf8));
  return readable(iconv.decode(whole, encoding), encoding);
}
