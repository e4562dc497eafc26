/** Mail addresses: our own, the blind index of any, and the mask under which staff see them. */

import { normaliseAddress, readableAddress } from "#db/formats/mail-address.ts";
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

/** The blind index of an address, by which its rows are found without unsealing; letter case, width and the spelling of the domain make no difference. */
export const addressIndex = (address: string) => blindIndex("email", normaliseAddress(address).toLowerCase());

/** The masked address, "a•••@docomo.ne.jp": enough to recognise a message by, not enough to write to anyone. */
export function maskAddress(address: string): string {
  const readable = readableAddress(address);
  return `${readable.slice(0, 1)}•••${readable.slice(readable.lastIndexOf("@"))}`;
}
