/** Mail addresses as people type them: with a Japanese keyboard, at the end of a sentence, or copied with its label. */

import { domainToASCII, domainToUnicode } from "node:url";

/**
 * The address that was meant: full-width letters folded, blanks and what ended the sentence taken off. A browser writes
 * `icloud.com、` as `icloud.xn--com-…` before it sends it, so the domain is read back first. A name in another script stays
 * what it is, in the form in which mail servers know it.
 */
export function foldMailAddress(typed: string): string {
  const folded = typed.normalize("NFKC").replace(/^mailto:/iu, "");
  const at = folded.lastIndexOf("@");
  if (at < 0) return folded.trim();
  const domain = folded.slice(at + 1).trim();
  const readable = (/xn--/iu.test(domain) ? domainToUnicode(domain) : domain).normalize("NFKC");
  const meant = readable.replace(/[\s、。，．,.;；>＞」）)]+$/u, "");
  const isAscii = /^[\u0020-\u007e]*$/u.test(meant);
  return `${folded.slice(0, at).replace(/^[\s「<＜（(]+/u, "")}@${isAscii ? meant : domainToASCII(meant)}`;
}
