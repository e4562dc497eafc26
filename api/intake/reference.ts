/**
 * The reference number (K7MQ-4X2P) and the receipt code (7KQM-X2P-9AB) as text: how they are made, and
 * how what people type on phones becomes what is stored.
 */

import { pooledRandomBytes } from "#db/random/bytes.ts";

/** Without letters and digits that are mistaken for each other on the phone; 32 of them, so each byte picks evenly. */
const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/** Random characters in groups of these sizes, joined by dashes. */
function randomReadable(...groups: number[]): string {
  const letters = (size: number) =>
    Array.from(pooledRandomBytes(size), (byte) => alphabet[byte % alphabet.length]).join("");
  return groups.map(letters).join("-");
}

/** Eight characters in two groups, 40 random bits; a family quotes it on the phone. */
export const newReference = (): string => randomReadable(4, 4);

/** Ten characters in three groups, 50 random bits. */
export const newReceiptCode = (): string => randomReadable(4, 3, 3);

/** A receipt code without its dashes, typed in any width and either case, with spaces or invisible characters. */
export const normaliseReceiptCode = (typed: string): string =>
  typed
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Cc}\p{Cf}\p{Pd}−ー－]/gu, "");

/** A reference as it is stored (K7MQ-4X2P), typed in any of the same ways. */
export const normaliseReference = (typed: string): string =>
  normaliseReceiptCode(typed).replace(/^(.{4})(.{4})$/u, "$1-$2");
