/** Signed tokens for links and forms: a payload, and an HMAC by which only this installation can have made it. */

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { pooledRandomBytes } from "#db/random/bytes.ts";
import { decrypt, encrypt, keyFrom } from "./cipher.ts";
import type { TokenPlace } from "./sealed-places.ts";
import { secret } from "./vault.ts";

type Purpose =
  | "invitation"
  | "click"
  | "prefetch"
  | "receipt"
  | "return"
  | "download"
  | "confirm"
  | "unsubscribe"
  | "leave_list"
  | "preferences"
  | "preview"
  | "installation";

const mac = (purpose: Purpose, payload: Buffer) =>
  createHmac("sha256", secret("token")).update(purpose).update("\0").update(payload).digest().subarray(0, 16);

/** A URL-safe token that says `payload` and could only be made here, for one purpose. */
export function signToken(purpose: Purpose, payload: Buffer): string {
  return Buffer.concat([mac(purpose, payload), payload]).toString("base64url");
}

/** The payload of a token, or undefined if it was not made here for this purpose. */
export function readToken(purpose: Purpose, token: string): Buffer | undefined {
  if (!/^[\w-]{22,400}$/u.test(token)) return undefined;
  const bytes = Buffer.from(token, "base64url");
  if (bytes.toString("base64url") !== token) return undefined; // another spelling of the same bytes
  const payload = bytes.subarray(16);
  return bytes.length > 16 && timingSafeEqual(bytes.subarray(0, 16), mac(purpose, payload)) ? payload : undefined;
}

const uuidBytes = (id: string) => Buffer.from(id.replaceAll("-", ""), "hex");

/** Tells this installation from others, and is no secret: `doctor` asks PUBLIC_ORIGIN for it. */
export const installationMark = (): string => mac("installation", Buffer.alloc(0)).toString("base64url");

/** Token for one row; 43 characters. */
export const tokenForId = (purpose: Purpose, id: string) => signToken(purpose, uuidBytes(id));

/** The row id in a token, or undefined. */
export function idFromToken(purpose: Purpose, token: string | undefined): string | undefined {
  const payload = token === undefined ? undefined : readToken(purpose, token);
  if (payload?.length !== 16) return undefined;
  return payload.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
}

/** What is stored of a token. */
export const hashToken = (token: string) => createHash("sha256").update(token).digest();

/** HMAC (32 bytes) of an idempotency key or of what was sent under it: neither can be guessed from the database. */
export const formHmac = (purpose: "form_key" | "form_body", value: string | Buffer): Buffer =>
  createHmac("sha256", secret("token")).update(purpose).update("\0").update(value).digest();

/** A token that nobody can guess; 43 characters. */
export const newToken = (): string => pooledRandomBytes(32).toString("base64url");

const keyOfToken = (token: string) =>
  keyFrom(createHmac("sha256", secret("token")).update("seal").update("\0").update(token).digest());

/** Seals text so that only whoever holds the token can have it opened here: the row knows the token's hash alone. */
export const sealUnder = (token: string, text: string, place: TokenPlace): Buffer =>
  encrypt(keyOfToken(token), Buffer.from(text, "utf8"), place, hashToken(token).toString("hex"));

/** Opens what `sealUnder` made with this token; throws for any other. */
export const unsealUnder = (token: string, sealed: Buffer, place: TokenPlace): string =>
  decrypt(keyOfToken(token), sealed, place, hashToken(token).toString("hex")).toString("utf8");
