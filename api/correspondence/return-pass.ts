/** What the forms of the page for coming back carry instead of a cookie: good for two hours and one code. */

import { parse, stringify } from "uuid";
import { readToken, signToken } from "#db/vault/tokens.ts";

const goodFor = 2 * 3_600_000;

export interface Pass {
  consultationId: string;
  /** Beginning of the code's hash: a replaced code ends the passes of the old one. */
  codeMark: Buffer;
}

const markLength = 8;
export const codeHashPrefix = (codeHash: Buffer): Buffer => codeHash.subarray(0, markLength);

/** A pass for the consultation that this code opened. */
export function issuePass(consultationId: string, codeHash: Buffer, now: Date): string {
  const until = Buffer.alloc(6);
  until.writeUIntBE(now.getTime() + goodFor, 0, 6);
  return signToken("return", Buffer.concat([parse(consultationId), until, codeHashPrefix(codeHash)]));
}

/** What a pass says, or undefined if it was not made here or is over. */
export function readPass(token: string, now: Date): Pass | undefined {
  const said = readToken("return", token);
  if (said?.length !== 22 + markLength || said.readUIntBE(16, 6) <= now.getTime()) return undefined;
  return { consultationId: stringify(said.subarray(0, 16)), codeMark: said.subarray(22) };
}
