/**
 * The access pass: a signed token that the forms of the correspondence page carry instead of a cookie.
 * It is valid for two hours, and until the receipt code is replaced.
 */

import { parse, stringify } from "uuid";
import { readToken, signToken } from "#db/vault/tokens.ts";

const validForMs = 2 * 3_600_000;

interface AccessPass {
  consultationId: string;
  /** Beginning of the code's hash: replacing the code invalidates the passes of the old one. */
  codeHashPrefix: Buffer;
}

const prefixLength = 8;
export const codeHashPrefix = (codeHash: Buffer): Buffer => codeHash.subarray(0, prefixLength);

/** A pass for the consultation whose code has this hash. */
export function issuePass(consultationId: string, codeHash: Buffer, now: Date): string {
  const expiry = Buffer.alloc(6);
  expiry.writeUIntBE(now.getTime() + validForMs, 0, 6);
  return signToken("return", Buffer.concat([parse(consultationId), expiry, codeHashPrefix(codeHash)]));
}

/** The contents of a pass, or undefined if we did not sign it or it has expired. */
export function readPass(token: string, now: Date): AccessPass | undefined {
  const bytes = readToken("return", token);
  if (bytes?.length !== 22 + prefixLength || bytes.readUIntBE(16, 6) <= now.getTime()) return undefined;
  return { consultationId: stringify(bytes.subarray(0, 16)), codeHashPrefix: bytes.subarray(22) };
}
