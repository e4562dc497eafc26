/** Streams cut into objects of a store. */

import { createHash } from "node:crypto";

/** Bytes of one object: small enough for one request to a bucket, and held in memory once. */
export const partBytes = 16 * 1024 * 1024;

/** SHA-256 (hexadecimal), by which a manifest knows each of its parts. */
export const partHash = (part: Uint8Array): string => createHash("sha256").update(part).digest("hex");

/** Cuts a stream into pieces of this many bytes; the last may be shorter. */
export async function* cut(stream: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let [pending, length]: [Uint8Array[], number] = [[], 0];
  for await (const chunk of stream) {
    pending.push(chunk);
    length += chunk.length;
    if (length < size) continue;
    const joined = Buffer.concat(pending);
    yield joined.subarray(0, size);
    pending = [joined.subarray(size)];
    length = joined.length - size;
  }
  if (length > 0) yield Buffer.concat(pending);
}
