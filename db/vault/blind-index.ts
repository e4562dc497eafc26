/** Keyed hashes of addresses, phone numbers and networks: equal values can be found without storing them. */

import { createHmac } from "node:crypto";
import { secret } from "./vault.ts";

/** For equality only: the same address or phone gives the same 32 bytes, and nothing else does. */
export function blindIndex(
  kind: "email" | "phone" | "key" | "body" | "network" | "receipt_code",
  value: string,
): Buffer {
  return createHmac("sha256", secret("index")).update(`${kind}\0${value}`).digest();
}
