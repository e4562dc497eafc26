/** Names and places of the files of PostgreSQL's write-ahead log (WAL). */

import { open } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of one file of the log: the server is initialised with the default size. */
export const walFileBytes = 16 * 1024 * 1024;

/** A position in the log ("0/1A2B3C4D") as a number of bytes. */
export function parseLsn(lsn: string): bigint {
  const [high = "", low = ""] = lsn.split("/");
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

/** Number of the file that holds the byte before this position; positions at a file's beginning belong to the file before. */
const fileNumberBefore = (lsn: bigint) => (lsn - 1n) / BigInt(walFileBytes);

/** 24 hexadecimal digits: timeline, then the file's number in two halves. */
export function walFileName(timeline: number, number: bigint): string {
  const perHigh = 0x1_0000_0000n / BigInt(walFileBytes);
  const hex = (value: bigint) => value.toString(16).toUpperCase().padStart(8, "0");
  return hex(BigInt(timeline)) + hex(number / perHigh) + hex(number % perHigh);
}

/** The name of the file that begins at this position, or holds it. */
export const walFileAt = (timeline: number, lsn: string): string =>
  walFileName(timeline, parseLsn(lsn) / BigInt(walFileBytes));

/** A file of the log, and how many of its bytes stand before `end`. */
export interface WalPart {
  name: string;
  bytes: number;
}

/** The files that hold the log from `start` to `end` (both as PostgreSQL writes positions), the first whole. */
export function walParts(timeline: number, start: string, end: string): WalPart[] {
  const [first, last] = [parseLsn(start) / BigInt(walFileBytes), fileNumberBefore(parseLsn(end))];
  const parts: WalPart[] = [];
  for (let number = first; number <= last; number++) {
    const bytes = number < last ? walFileBytes : Number(parseLsn(end) - number * BigInt(walFileBytes));
    parts.push({ name: walFileName(timeline, number), bytes });
  }
  return parts;
}

/** What a file of the log says of itself. */
export interface WalOrigin {
  /** The name that its place in the log gives it. */
  name: string;
  /** The system identifier of its server. */
  system: string;
}

/** Bytes of the header of a file's first page, and the bit of its flags that says so. */
const headerBytes = 40;
const longHeader = 0x0002;

/**
 * Reads the header of a file of the log (XLogLongPageHeaderData of PostgreSQL's access/xlog_internal.h, in the byte order of the
 * processors that the server is built for). Undefined for bytes that do not begin a file of the log.
 */
export function walOrigin(content: Buffer): WalOrigin | undefined {
  if (content.length < headerBytes || (content.readUInt16LE(2) & longHeader) === 0) return undefined;
  const [timeline, start, system] = [
    content.readUInt32LE(4),
    content.readBigUInt64LE(8),
    content.readBigUInt64LE(24).toString(),
  ];
  return { name: walFileName(timeline, start / BigInt(walFileBytes)), system };
}

/** The first `bytes` bytes of a file of the log of the server in `dataDir`. Throws the error of the file system. */
export async function readWal(dataDir: string, { name, bytes }: WalPart): Promise<Buffer> {
  const file = await open(join(dataDir, "pg", "pg_wal", name), "r");
  try {
    const content = Buffer.alloc(bytes);
    let read = 0;
    while (read < bytes) {
      const { bytesRead } = await file.read(content, read, bytes - read, read);
      if (bytesRead === 0) throw new Error(`the write-ahead log ends within ${name}`);
      read += bytesRead;
    }
    return content;
  } finally {
    await file.close();
  }
}
