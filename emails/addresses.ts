/** Mail addresses: our own, the normal form of any, and the mask under which staff see them. */

import { env } from "#db/env.ts";
import { blindIndex } from "#db/vault/blind-index.ts";

export interface Address {
  name: string;
  address: string;
}

/** The sender of our mails: name and address from MAIL_FROM. */
export const senderAddress: Address = parse(env.MAIL_FROM);

/** The domain that a family has to allow in the spam filter of a mobile carrier; shown on receipt pages too. */
export const mailDomain = senderAddress.address.slice(senderAddress.address.lastIndexOf("@") + 1);

function parse(mailbox: string): Address {
  const [, name = "", address = mailbox] = /^([^<]*)<([^>]+)>$/u.exec(mailbox) ?? [];
  return { name: name.trim(), address: address.trim() };
}

/** The address as typed, without spaces around it and with full-width letters, which a Japanese IME leaves behind, made half-width (NFKC). */
export const normaliseAddress = (typed: string) => typed.normalize("NFKC").trim();

/** The blind index of an address, by which its rows are found without unsealing; letter case and width make no difference. */
export const addressIndex = (address: string) => blindIndex("email", normaliseAddress(address).toLowerCase());

/** The masked address, "a•••@docomo.ne.jp": enough to recognise a message by, not enough to write to anyone. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, 1)}•••${address.slice(at)}`;
}
