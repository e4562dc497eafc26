/**
 * How a stored file answers: whole, "not changed", or with a visitor's own token and key in it. One
 * definition for the two ways that lead here, the Hono application and the door before it (api/web/front.ts).
 */

import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Face, Stored } from "./faces.ts";
import { join, newFormKey } from "./pieces.ts";

export type Encoding = "br" | "gzip" | undefined;

/** For everybody, known already (304), or this visitor's own. */
export type Kind = "same" | "known" | "own";

interface Asked {
  token?: string | undefined;
  /** The header If-None-Match. */
  known?: string | undefined;
  status?: number;
}

export function kindOf(file: Stored, face: Face, { token, known, status = 200 }: Asked): Kind {
  if (file.isPage && (token !== undefined || file.hasKey)) return "own";
  return status === 200 && known !== undefined && isKnown(known, face.etag) ? "known" : "same";
}

/** A browser may keep a form for its back button: the same key makes the same words one request. */
export const keptByBrowser = "private, no-cache";

/** All that this answer says of itself, but for its length. */
export function headersOf(file: Stored, face: Face, kind: Kind, encoding: Encoding, status = 200) {
  const headers: Record<string, string> = { "Content-Type": file.type, Vary: "Accept-Encoding" };
  if (file.policy !== undefined) headers["Content-Security-Policy"] = file.policy;
  const own = file.hasKey ? keptByBrowser : "no-store";
  headers["Cache-Control"] = status !== 200 ? "no-store" : kind === "own" ? own : file.cache;
  if (kind !== "own") headers["ETag"] = face.etag;
  if (kind !== "known" && encoding !== undefined) headers["Content-Encoding"] = encoding;
  return headers;
}

/** What everybody is sent. */
export const sameBody = (face: Face, encoding: Encoding): Buffer =>
  encoding === undefined ? face.plain : face[encoding];

/** What this visitor is sent; a string is bytes (latin1), joined without compressing anew. */
export function ownBody(face: Face, encoding: Encoding, token: string | undefined): Buffer | string {
  const key = newFormKey();
  const splice = token === undefined ? face.splices?.fresh : face.splices?.carried;
  if (encoding === "br" && splice) return splice(token ?? "", key);
  return compress(Buffer.from(join(face.pieces, token, key)), encoding);
}

/** Quickly, for one reader. */
export const compress = (plain: Buffer, encoding: Encoding): Buffer =>
  encoding === "br"
    ? brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
    : encoding === "gzip"
      ? gzipSync(plain)
      : plain;

/** If-None-Match compares weakly and may name several (RFC 9110, 13.1.2). */
export function isKnown(said: string, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//u, "");
  return said.trim() === "*" || said.split(",").map(bare).includes(bare(etag));
}

/** Browsers of one kind say the same, so that a few answers are enough for nearly all. */
const encodings = new Map<string, Encoding>();

/** The best of our encodings that the header Accept-Encoding takes. */
export function encodingFor(accepted = ""): Encoding {
  const known = encodings.get(accepted);
  if (known !== undefined) return known;
  const taken = accepted
    .toLowerCase()
    .split(",")
    .filter((part) => !/;\s*q=0(?:\.0*)?\s*$/u.test(part))
    .map((part) => part.split(";")[0]?.trim());
  const best = (["br", "gzip"] as const).find((encoding) => taken.includes(encoding));
  if (encodings.size < 100 && accepted.length < 100) encodings.set(accepted, best);
  return best;
}
