/** What a mail address is: the one rule for forms, settings and commands, and the two ways in which a domain is written. */

import { domainToASCII, domainToUnicode } from "node:url";
import { z } from "zod";

/** The domain with the part before it, "@" included; full-width letters, which a Japanese IME leaves behind, made half-width (NFKC). */
function splitAddress(typed: string): [local: string, domain: string] {
  const folded = typed.normalize("NFKC").trim();
  const at = folded.lastIndexOf("@") + 1;
  return [folded.slice(0, at), folded.slice(at)];
}

/** Letters with their marks, digits, hyphens, and the middle dot 「・」 that .jp allows in names (IDNA, RFC 5892). */
const label = String.raw`[\p{L}\p{M}\p{N}\u30fb-]+`;
const domainShape = new RegExp(`^${label}(?:[.。]${label})*$`, "u");

/**
 * A domain through one of the functions of node:url; whatever is no domain stays as it is. They read it as the host of a
 * web address: what follows `/`, `?` or `#` would be gone, and %2E a dot.
 */
const translate = (domain: string, by: (domain: string) => string): string =>
  (domainShape.test(domain) && by(domain)) || domain;

/**
 * The address as mail servers know it, without spaces around it: a domain in other letters becomes "xn--…" (IDNA, RFC
 * 5891). One in plain letters, and what is no domain, stays.
 */
export function normaliseAddress(typed: string): string {
  const [local, domain] = splitAddress(typed);
  const isPlain = local === "" || /^[\u0020-\u007e]*$/u.test(domain);
  return local + (isPlain ? domain : translate(domain, domainToASCII));
}

/** The address as people read it, which is how it is stored and shown: a domain in other letters as IDNA spells it, also where it came as "xn--…". */
export function readableAddress(address: string): string {
  const [local, domain] = splitAddress(normaliseAddress(address));
  return (
    local + (local !== "" && /xn--/iu.test(domain) ? translate(domain, domainToUnicode).normalize("NFKC") : domain)
  );
}

/**
 * Whether mail can be sent to it: what `<input type=email>` accepts, so also the carrier addresses that break RFC 5322, and
 * a domain in other letters. One that came as "xn--…" is judged by what people read in it.
 */
export const isMailAddress = (text: string): boolean =>
  z.regexes.html5Email.test(normaliseAddress(readableAddress(text)));
