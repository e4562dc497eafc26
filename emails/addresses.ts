/** Mail addresses: ours, their normal form, and the way staff see them. */

import { env } from "#db/env.ts";
import { blindIndex } from "#db/vault/vault.ts";

export interface Address {
  name: string;
  address: string;
}

/** Who our mails come from: MAIL_FROM, taken apart. */
export const senderAddress: Address = parse(env.MAIL_FROM);

/** The domain a family has to allow in a carrier's filter; shown on receipt pages too. */
export const mailDomain = senderAddress.address.slice(senderAddress.address.lastIndexOf("@") + 1);

function parse(mailbox: string): Address {
  const [, name = "", address = mailbox] = /^([^<]*)<([^>]+)>$/u.exec(mailbox) ?? [];
  return { name: name.trim(), address: address.trim() };
}

/** As typed, but for width and stray spaces: an IME leaves full-width letters behind. */
export const normaliseAddress = (typed: string) => typed.normalize("NFKC").trim();

/** The blind index of an address; letter case is no difference between people. */
export const addressIndex = (address: string) => blindIndex("email", normaliseAddress(address).toLowerCase());

/** "a•••@docomo.ne.jp": enough to recognise a message by, not enough to write to anyone. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, 1)}•••${address.slice(at)}`;
}
