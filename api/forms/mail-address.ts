/** Mail addresses as people type them: with a Japanese keyboard, at the end of a sentence, or copied with its label. */

import { readableAddress } from "#db/formats/mail-address.ts";

/**
 * The address that was meant, as people read it: full-width letters folded, blanks, invisible characters and what ended the
 * sentence taken off. A browser writes `icloud.com、` as `icloud.xn--com-…` before it sends it, so the domain is read back
 * first. A domain in another script stays in its letters; mail servers are given it in theirs (`normaliseAddress`,
 * db/formats/mail-address.ts).
 */
export function foldMailAddress(typed: string): string {
  const readable = readableAddress(typed.normalize("NFKC").replace(/^\s*mailto:/iu, ""));
  const at = readable.lastIndexOf("@");
  if (at < 0) return readable;
  const domain = readable.slice(at + 1).trim();
  const meant = domain.replace(/[\s\p{Cf}、。，．,.;；>＞」）)]+$/u, "");
  return readableAddress(`${readable.slice(0, at).replace(/^[\s\p{Cf}「<＜（(]+/u, "")}@${meant}`);
}
