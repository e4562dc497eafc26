/** A page or file as it is sent: its bytes in each encoding, what its headers say, and when it is true. */

import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { layOut, type Personalisable } from "./personalise.ts";

export type ContentEncoding = "br" | "gzip" | "plain";

export interface Snapshot {
  type: string;
  /** The page's Content-Security-Policy; undefined for files, which load nothing. */
  policy: string | undefined;
  /** The address changes with the content. */
  isImmutable: boolean;
  /** Weak: the same page compressed differently is the same page (RFC 9110, 8.8.3). */
  etag: string;
  bodies: Record<ContentEncoding, Buffer>;
  /** Only pages: the layout from which a visitor's copy is made. */
  personalisable: Personalisable | undefined;
  /** Milliseconds since 1970: when it was rendered (a clock may jump back), and the moments of PageTime. */
  trueFrom: number;
  trueUntil: number;
  showUntil: number;
}

/** The parts of a rendered page that are not made from its bytes. */
export type Described = Pick<Snapshot, "type" | "policy" | "trueFrom" | "trueUntil" | "showUntil">;

const best = { br: promisify(brotliCompress), gzip: promisify(gzip) };
const incompressible = /^(?:image\/(?!svg)|font\/)/u;

/** Compresses once, as small as can be; outside the event loop. */
async function compressAll(plain: Buffer, type: string): Promise<Snapshot["bodies"]> {
  if (incompressible.test(type)) return { plain, br: plain, gzip: plain };
  const [br, gz] = await Promise.all([best.br(plain), best.gzip(plain, { level: 9 })]);
  return { plain, br, gzip: gz };
}

const etagOf = (bytes: Buffer) => `W/"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;

/** The hash in the ETag: the bytes by name. */
export const hashOf = ({ etag }: Snapshot): string => etag.slice(3, -1);

/** A file of the built site. The name of one below _astro/ changes with its content. */
export async function fileSnapshot(bytes: Buffer, type: string, isImmutable: boolean): Promise<Snapshot> {
  return {
    type,
    policy: undefined,
    isImmutable,
    etag: etagOf(bytes),
    bodies: await compressAll(bytes, type),
    personalisable: undefined,
    trueFrom: 0,
    trueUntil: Infinity,
    showUntil: Infinity,
  };
}

/** A rendered page; what `earlier` has of the same text is not made again. */
export async function pageSnapshot(bytes: Buffer, described: Described, earlier?: Snapshot): Promise<Snapshot> {
  const etag = etagOf(bytes);
  if (earlier?.etag === etag) return { ...earlier, ...described };
  const bodies = await compressAll(bytes, described.type);
  return { ...described, etag, bodies, isImmutable: false, personalisable: layOut(bytes.toString()) };
}

/** A page whose bytes were kept on disk: not true at any moment before it is rendered, but it may be shown. */
export const keptSnapshot = (
  bodies: Snapshot["bodies"],
  described: Pick<Snapshot, "type" | "policy" | "showUntil">,
): Snapshot => ({
  ...described,
  etag: etagOf(bodies.plain),
  bodies,
  isImmutable: false,
  personalisable: layOut(bodies.plain.toString()),
  trueFrom: 0,
  trueUntil: 0,
});
