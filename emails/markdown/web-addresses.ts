/**
 * Where web and mail addresses stand in text: the one rule for mails, pages, the feed and replies. Japanese is written
 * without spaces, so an address ends where the letters of an address end: 「https://example.jp/eventsをご覧ください。」.
 */

export interface FoundAddress {
  /** Where it begins and ends in the text. */
  start: number;
  end: number;
  /** As it was written. */
  text: string;
  href: string;
}

/** A run of what one label of a host is made of: never Latin and Japanese letters in one, or 「example.jpを」 would be one. */
const label = /[a-z\d-]+|[^\p{ASCII}\p{P}\p{S}\p{Z}\p{C}]+/iuy;
const pathLetters = /[a-z\d\-._~%!$&'()*+,;=:@/?#]*/iuy;
const port = /:\d{1,5}(?!\d)/uy;
const beginning = /https?:\/\/|www\.|@/giu;

/** The end of `pattern` (sticky) at this place; the place itself where it does not match. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

const isTopLevel = (name: string) => /^(?:[a-z]{2,63}|xn--[a-z\d-]{1,59})$/iu.test(name);
const isNumber = (name: string) => /^\d{1,3}$/u.test(name);

/** Where the host that begins here ends; undefined where there is none. Its last label is one of the letters that top-level domains have. */
function endOfHost(text: string, start: number): number | undefined {
  const ends: { name: string; end: number }[] = [];
  for (let at = start; ;) {
    const end = endOf(label, text, at);
    if (end === at) break;
    ends.push({ name: text.slice(at, end), end });
    if (text[end] !== ".") break;
    at = end + 1;
  }
  if (ends[0]?.name.toLowerCase() === "localhost") return ends[0].end;
  if (ends.length >= 4 && ends.slice(0, 4).every(({ name }) => isNumber(name))) return ends[3]?.end;
  const last = ends.findLastIndex(({ name }, at) => at > 0 && isTopLevel(name));
  return ends[last]?.end;
}

/** The end without what belongs to the sentence: marks at the end, and a closing bracket that was opened before the address. */
function withoutMarks(text: string, start: number, end: number): number {
  const address = text.slice(start, end);
  let unopened = address.split(")").length - address.split("(").length;
  for (; end > start; end--) {
    const sign = text[end - 1] ?? "";
    if (sign === ")" && unopened > 0) unopened--;
    else if (sign === ")" || !/[.,:;!?'"*_~]/u.test(sign)) break;
  }
  return end;
}

function webAddress(text: string, start: number, host: number): FoundAddress | undefined {
  if (/[a-z\d@._-]/iu.test(text[start - 1] ?? "")) return undefined;
  const endHost = endOfHost(text, host);
  if (endHost === undefined) return undefined;
  const endPort = endOf(port, text, endHost);
  const isLonger = /[/?#]/u.test(text[endPort] ?? "");
  const end = isLonger ? withoutMarks(text, start, endOf(pathLetters, text, endPort)) : endPort;
  const written = text.slice(start, end);
  return { start, end, text: written, href: /^https?:/iu.test(written) ? written : `https://${written}` };
}

/** `at`: place of the @. */
function mailAddress(text: string, at: number): FoundAddress | undefined {
  let start = at;
  while (start > 0 && at - start < 64 && /[a-z\d.!#$%&'*+/=?^_`{|}~-]/iu.test(text[start - 1] ?? "")) start--;
  while (start < at && !/[a-z\d]/iu.test(text[start] ?? "")) start++;
  const end = start === at ? undefined : endOfHost(text, at + 1);
  if (end === undefined) return undefined;
  const written = text.slice(start, end);
  return { start, end, text: written, href: `mailto:${written}` };
}

/** The web address with which a text begins, if it does. */
export function addressAtStart(text: string): FoundAddress | undefined {
  const scheme = /^https?:\/\//iu.exec(text)?.[0];
  return scheme === undefined ? undefined : webAddress(text, 0, scheme.length);
}

/** The web addresses (http, https, www.) and mail addresses of a text, in order. Linear in its length. */
export function findAddresses(text: string): FoundAddress[] {
  const found: FoundAddress[] = [];
  for (const match of text.matchAll(beginning)) {
    const last = found.at(-1)?.end ?? 0;
    if (match.index < last) continue;
    const [sign] = match;
    const address =
      sign === "@"
        ? mailAddress(text, match.index)
        : webAddress(text, match.index, match.index + (sign.endsWith("//") ? sign.length : 0));
    if (address && address.start >= last) found.push(address);
  }
  return found;
}

/** A text in parts, in order: words, and addresses with what they open. Plain text, as replies are. */
export function splitAddresses(text: string): { words: string; href?: string }[] {
  let at = 0;
  const parts: { words: string; href?: string }[] = [];
  for (const { start, end, text: words, href } of findAddresses(text)) {
    if (start > at) parts.push({ words: text.slice(at, start) });
    parts.push({ words, href });
    at = end;
  }
  if (at < text.length) parts.push({ words: text.slice(at) });
  return parts;
}
