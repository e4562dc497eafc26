/** Mail addresses: our own, the normal form of any, and the mask under which staff see them. */

import { domainToASCII, domainToUnicode } from "node:url";
import { settings } from "#db/settings/settings.ts";
import { blindIndex } from "#db/vault/blind-index.ts";

export interface Address {
  name: string;
  address: string;
}

/** The sender of our mails. */
export function senderAddress(): Address {
  const { values, name } = settings();
  return { name: values["mail_from.name"] || name.ja, address: values["mail_from.address"] };
}

/** The domain of the sender's address, which message ids and list ids end with. */
export const senderDomain = (): string => settings().values["mail_from.address"].split("@").at(-1) || "localhost";

/** The domain that a family has to allow in the spam filter of a mobile carrier; shown on receipt pages too. */
export const mailDomain = (): string => settings().values.allowed_domain || senderDomain();

/** The domain with the part before it, "@" included; full-width letters, which a Japanese IME leaves behind, made half-width (NFKC). */
function splitAddress(typed: string): [local: string, domain: string] {
  const folded = typed.normalize("NFKC").trim();
  const at = folded.lastIndexOf("@") + 1;
  return [folded.slice(0, at), folded.slice(at)];
}

/**
 * The address as mail servers know it, without spaces around it: a domain in other letters becomes "xn--…" (IDNA, RFC
 * 5891). One in plain letters, and what is no domain, stays.
 */
export function normaliseAddress(typed: string): string {
  const [local, domain] = splitAddress(typed);
  const isPlain = local === "" || /^[\u0020-\u007e]*$/u.test(domain);
  return local + (isPlain ? domain : domainToASCII(domain) || domain);
}

/** The address as people read it, which is how it is stored and shown: "xn--…", as browsers send what was typed, in its own letters again. */
export function readableAddress(address: string): string {
  const [local, domain] = splitAddress(address);
  return local + (local !== "" && /xn--/iu.test(domain) ? domainToUnicode(domain).normalize("NFKC") || domain : domain);
}

/** The blind index of an address, by which its rows are found without unsealing; letter case, width and the spelling of the domain make no difference. */
export const addressIndex = (address: string) => blindIndex("email", normaliseAddress(address).toLowerCase());

/** The masked address, "a•••@docomo.ne.jp": enough to recognise a message by, not enough to write to anyone. */
export function maskAddress(address: string): string {
  const readable = readableAddress(address);
  return `${readable.slice(0, 1)}•••${readable.slice(readable.lastIndexOf("@"))}`;
}
