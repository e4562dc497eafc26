/**
 * How a snapshot is answered: whole, "not modified", or as a visitor's own copy with a click token in its links
 * and a key in its form. Written once for the listener on node:http and the Hono application behind it.
 */

import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { securityHeaders } from "#api/http/guard.ts";
import { personalise } from "#api/pages/personalise.ts";
import type { ContentEncoding, Snapshot } from "#api/pages/snapshot.ts";

export interface Answer {
  status: number;
  /** Names and values in turn, as `writeHead` takes them; all but Content-Length. */
  headers: readonly string[];
  /** Undefined for "not modified". */
  body: Buffer | undefined;
}

interface Asked {
  token?: string | undefined;
  acceptEncoding?: string | undefined;
  ifNoneMatch?: string | undefined;
  status?: number;
}

/** Of every page that is the same for everybody: kept by whoever likes, if they ask each time whether it has changed. */
export const sharedHeaders = { "Cache-Control": "public, max-age=0, must-revalidate", Vary: "Accept-Encoding" };

/** A browser may keep a form for its back button: the same key makes the same words one request. */
export const keptByBrowser = "private, no-cache";

/** The answer to a visitor who asked so. */
export function answerWith(snapshot: Snapshot, asked: Asked): Answer {
  const { token, ifNoneMatch, status = 200 } = asked;
  const encoding = encodingFor(asked.acceptEncoding);
  const { personalisable } = snapshot;
  if (personalisable && (token !== undefined || personalisable.hasFormKey)) {
    const body = personalise(personalisable, token, (bytes) => compress(bytes, encoding));
    return { status, headers: headersOf(snapshot, status === 200 ? "personalised" : "problem", encoding), body };
  }
  if (status === 200 && ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, snapshot.etag))
    return { status: 304, headers: headersOf(snapshot, "not-modified", encoding), body: undefined };
  const kind = status === 200 ? "shared" : "problem";
  return { status, headers: headersOf(snapshot, kind, encoding), body: snapshot.bodies[encoding] };
}

type Kind = "shared" | "not-modified" | "personalised" | "problem";

/** Header lists by snapshot, made once for each kind of answer. No page of the staff area is a snapshot. */
const headerLists = new WeakMap<Snapshot, Map<string, readonly string[]>>();

function headersOf(snapshot: Snapshot, kind: Kind, encoding: ContentEncoding): readonly string[] {
  const lists = headerLists.get(snapshot) ?? new Map<string, readonly string[]>();
  headerLists.set(snapshot, lists);
  const name = `${kind} ${encoding}`;
  const known = lists.get(name);
  if (known) return known;
  const { type, policy, isImmutable, etag, personalisable, bodies } = snapshot;
  const isOwn = kind === "personalised" || kind === "problem";
  const isCompressed = encoding !== "plain" && bodies[encoding] !== bodies.plain;
  const headers: Record<string, string> = {
    "Content-Type": type,
    ...sharedHeaders,
    ...(isImmutable && { "Cache-Control": "public, max-age=31536000, immutable" }),
    ...(isOwn && {
      "Cache-Control": kind === "personalised" && personalisable?.hasFormKey ? keptByBrowser : "no-store",
    }),
    ...(kind !== "personalised" && { ETag: etag }),
    ...(kind !== "not-modified" && isCompressed && { "Content-Encoding": encoding }),
    ...securityHeaders("/", policy),
  };
  const list = Object.entries(headers).flat();
  lists.set(name, list);
  return list;
}

/** Compressed for one visitor, into bytes of its own: at the level that costs least, a tenth of a millisecond. */
export function compress(plain: Buffer, encoding: ContentEncoding): Buffer {
  if (encoding === "br") return brotliCompressSync(plain, { params: forOne });
  return encoding === "gzip" ? gzipSync(plain, { level: 3 }) : Buffer.from(plain);
}

const forOne = { [constants.BROTLI_PARAM_QUALITY]: 0, [constants.BROTLI_PARAM_LGWIN]: 18 };

/** If-None-Match compares weakly and may name several (RFC 9110, 13.1.2). */
export function matchesEtag(header: string, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//u, "");
  return header.trim() === "*" || header.split(",").map(bare).includes(bare(etag));
}

/** Browsers of one kind send the same header, so that a few results serve nearly all. */
const encodings = new Map<string, ContentEncoding>();

/** The encoding of ours with the highest q-value in the header Accept-Encoding (RFC 9110, 12.5.3); br before gzip. */
export function encodingFor(header = ""): ContentEncoding {
  const known = encodings.get(header);
  if (known !== undefined) return known;
  const weights = new Map(
    header
      .toLowerCase()
      .split(",")
      .map((part): [string, number] => {
        const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim());
        const q = parameters.find((parameter) => parameter.startsWith("q="));
        return [name, q === undefined ? 1 : Number(q.slice(2)) || 0];
      }),
  );
  const weightOf = (name: string) => weights.get(name) ?? weights.get("*") ?? 0;
  const best = weightOf("br") >= weightOf("gzip") ? "br" : "gzip";
  const encoding = weightOf(best) > 0 && weightOf(best) >= (weights.get("identity") ?? 0) ? best : "plain";
  if (encodings.size < 100 && header.length < 100) encodings.set(header, encoding);
  return encoding;
}
