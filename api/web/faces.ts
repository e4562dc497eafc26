/**
 * The files of the built site as they are kept in memory. A page may read differently by hour and day
 * (api/web/marks.ts); each way it reads is a face, of which the current one is kept, compressed once.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, brotliCompressSync, constants, gzipSync } from "node:zlib";
import { env } from "#db/env.ts";
import { hasMarks, resolveMarks, standOf } from "./marks.ts";
import { hasKey, join, newFormKey, type Piece, split } from "./pieces.ts";
import { markOf, prepareSplice } from "./splice.ts";

/** Joins a visitor's token and key into the compressed page; bytes (latin1). */
type OwnSplice = (token: string, key: string) => string;

export interface Stored {
  type: string;
  policy: string | undefined;
  cache: string;
  isPage: boolean;
  /** A form of this page wants a key of each visitor's own. */
  hasKey: boolean;
  /** How it reads at a moment. */
  faceAt: (now: Date) => Face;
}

/** One way a file reads. */
export interface Face {
  etag: string;
  plain: Buffer;
  br: Buffer;
  gzip: Buffer;
  /** Only pages: the text around internal links and form keys. */
  pieces: Piece[];
  /** The page as compressed once for every visitor, with or without a token; made a moment later. */
  splices?: { carried?: OwnSplice | undefined; fresh?: OwnSplice | undefined };
  /** Resolves when it is as small, and as quick, as it will get. */
  settled: Promise<void>;
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ico": "image/x-icon",
  ".png": "image/png",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml; charset=utf-8",
};

/** Files that name our own address, which the build does not know. */
const naming = /\.(?:html|xml|txt)$/u;

/** The text with our own address where the build left a mark for it. */
export const withOrigin = (text: string): string => text.replaceAll("__ORIGIN__", env.PUBLIC_ORIGIN);

/** Takes a file into memory. Throws, naming it, when its marks do not pair. */
export function store(file: string, policy: string | undefined, now: Date): Stored {
  const isPage = file.endsWith(".html");
  const read = readFileSync(file);
  const source = naming.test(file) ? Buffer.from(withOrigin(read.toString("utf8"))) : read;
  const text = isPage ? source.toString("utf8") : "";
  const faceAt = hasMarks(text) ? changing(text) : lasting(faceOf(source, isPage));
  try {
    faceAt(now);
  } catch (error) {
    throw new Error(`${file} cannot be served: ${(error as Error).message}`, { cause: error });
  }
  return {
    type: types[extname(file)] ?? "application/octet-stream",
    policy,
    cache: file.includes("/_astro/") ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate",
    isPage,
    hasKey: hasKey(split(text)),
    faceAt,
  };
}

const lasting = (face: Face) => () => face;

/** Makes the face anew when the hour or the day has changed it, and not before somebody asks. */
function changing(text: string): Stored["faceAt"] {
  let kept: { stand: string; face: Face } | undefined;
  return (now) => {
    const stand = standOf(now);
    if (kept?.stand !== stand) kept = { stand, face: faceOf(Buffer.from(resolveMarks(text, now)), true) };
    return kept.face;
  };
}

/**
 * Compressed well enough at once, because somebody waits, and as small as can be a moment later:
 * the best of brotli takes twenty times as long.
 */
function faceOf(plain: Buffer, isPage: boolean): Face {
  const face: Face = {
    // Weak: the same page compressed differently is the same page (RFC 9110, 8.8.3).
    etag: `W/"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`,
    plain,
    br: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
    gzip: gzipSync(plain, { level: 9 }),
    pieces: isPage ? split(plain.toString("utf8")) : [],
    settled: Promise.resolve(),
  };
  face.settled = finish(face, isPage);
  return face;
}

async function finish(face: Face, isPage: boolean): Promise<void> {
  if (isPage) face.splices = { carried: await spliceOf(face, tokenMark), fresh: await spliceOf(face, undefined) };
  face.br = await smallest(face.plain);
}

/** As long as a token of db/vault/vault.ts and a key of api/web/pieces.ts. */
const tokenMark = markOf(0, 43);
const keyMark = markOf(1, newFormKey().length);

/** The page with a token in its links, or without one; undefined where nothing of a visitor's stands in it. */
async function spliceOf(face: Face, token: string | undefined): Promise<OwnSplice | undefined> {
  const text = join(face.pieces, token, keyMark);
  const marks = [tokenMark, keyMark].filter((mark) => text.includes(mark));
  const splice = marks.length > 0 ? await prepareSplice(text, marks) : undefined;
  return splice && ((token, key) => splice(marks.map((mark) => (mark === tokenMark ? token : key))));
}

const smallest = promisify(brotliCompress) as (plain: Buffer) => Promise<Buffer>;
