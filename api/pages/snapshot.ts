/** A page or file as it is sent: its bytes in each encoding, what its headers say, and until when it is true. */

import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { layOut, type Personalisable } from "./personalise.ts";

export type Encoding = "br" | "gzip" | "plain";

export interface Snapshot {
  type: string;
  /** The page's Content-Security-Policy; undefined for files, which load nothing. */
  policy: string | undefined;
  /** The address changes with the content. */
  isImmutable: boolean;
  /** Weak: the same page compressed differently is the same page (RFC 9110, 8.8.3). */
  etag: string;
  bodies: Record<Encoding, Buffer>;
  /** Only pages: the layout from which a visitor's copy is made. */
  personalisable: Personalisable | undefined;
  /** Milliseconds since 1970, as in PageTime. */
  trueUntil: number;
  showUntil: number;
}

/** The parts of a snapshot that are not made from its bytes. */
export type Described = Pick<Snapshot, "type" | "policy" | "trueUntil" | "showUntil">;

const best = { br: promisify(brotliCompress), gzip: promisify(gzip) };
const incompressible = /^(?:image\/(?!svg)|font\/)/u;

/** Compresses once, as small as can be; outside the event loop. */
async function compressAll(plain: Buffer, type: string): Promise<Snapshot["bodies"]> {
  if (incompressible.test(type)) return { plain, br: plain, gzip: plain };
  const [br, gz] = await Promise.all([best.br(plain), best.gzip(plain, { level: 9 })]);
  return { plain, br, gzip: gz };
}

const etagOf = (bytes: Buffer) => `W/"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;

/** A file of the built site. The name of one below _astro/ changes with its content. */
export async function fileSnapshot(bytes: Buffer, type: string, isImmutable: boolean): Promise<Snapshot> {
  return {
    ...{ type, policy: undefined, trueUntil: Infinity, showUntil: Infinity, personalisable: undefined },
    isImmutable,
    etag: etagOf(bytes),
    bodies: await compressAll(bytes, type),
  };
}

/** A rendered page; what `earlier` has of the same text is not made again. */
export async function pageSnapshot(bytes: Buffer, described: Described, earlier?: Snapshot): Promise<Snapshot> {
  const etag = etagOf(bytes);
  if (earlier?.etag === etag) return { ...earlier, ...described };
  return pageOf(etag, await compressAll(bytes, described.type), described);
}

/** A page whose compressed bytes were kept on disk. */
export const keptSnapshot = (bodies: Snapshot["bodies"], described: Described): Snapshot =>
  pageOf(etagOf(bodies.plain), bodies, described);

const pageOf = (etag: string, bodies: Snapshot["bodies"], described: Described): Snapshot => ({
  ...{ ...described, etag, bodies, isImmutable: false },
  personalisable: layOut(bodies.plain.toString()),
});
