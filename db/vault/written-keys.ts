/**
 * Keys as people write them down and type them again: 13 groups such as "V3K8Q-…" of four characters and a check character.
 * The check character depends on the four and on where the group stands, so that a wrong character, two characters
 * exchanged and two groups exchanged are each found, and the group at fault can be named.
 *
 * The characters are Crockford's base32, without I, L, O and U. 13 × 4 × 5 bits hold four bits that say which key it is,
 * then its 256.
 */

import { Refused } from "#db/errors.ts";

/** Which of the two keys: that of the vault opens what families wrote, that of the backups opens the backups. */
export type KeyKind = "vault" | "backup";

const characters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const groupCount = 13;
const groupLength = 5;
/** Chosen so that the vault's begin with T or V, and those of the backups with A or B. */
const kindBits: Record<KeyKind, bigint> = { vault: 13n, backup: 5n };
const kindWords: Record<KeyKind, string> = { vault: "the vault's key", backup: "the key of the backups" };

/** 32 bytes in 13 groups with dashes between: 77 characters in one line. */
export function writeKey(kind: KeyKind, bytes: Buffer): string {
  if (bytes.length !== 32) throw new Error("a key has 32 bytes");
  const bits = (kindBits[kind] << 256n) | BigInt(`0x${bytes.toString("hex")}`);
  return Array.from({ length: groupCount }, (_, at) => {
    const values = Array.from({ length: 4 }, (__, n) => Number((bits >> BigInt(5 * (4 * (12 - at) + 3 - n))) & 31n));
    return [...values, checkOf(values, at)].map((value) => characters[value]).join("");
  }).join("-");
}

/**
 * The 32 bytes of a key that was typed: in any width and case, with any spaces, dashes and line breaks, O for 0, I and L
 * for 1, U for V. Throws Refused with a sentence that names the first group that is wrong.
 */
export function readWrittenKey(kind: KeyKind, text: string): Buffer {
  const values = [...charactersIn(text)].map((letter, at) => valueOf(letter, at));
  if (values.length !== groupCount * groupLength) throw new Refused(wrongLength(text, values));
  const groups = groupsOf(values);
  const wrong = groups.flatMap((group, at) => (isRight(group, at) ? [] : [at]));
  if (wrong.length > 0) throw new Refused(wrongGroups(groups, wrong));
  const bits = groups.flatMap((group) => group.slice(0, 4)).reduce((sum, value) => (sum << 5n) | BigInt(value), 0n);
  const found = (Object.keys(kindBits) as KeyKind[]).find((one) => kindBits[one] === bits >> 256n);
  if (found !== kind) throw new Refused(`This is ${found ? kindWords[found] : "no key"}, not ${kindWords[kind]}.`);
  return Buffer.from((bits & ((1n << 256n) - 1n)).toString(16).padStart(64, "0"), "hex");
}

/** Group `number` (from 1) of a written key, as `writeKey` writes it. */
export const keyGroupOf = (written: string, number: number): string => written.split("-")[number - 1] ?? "";

/** How many groups a written key has. */
export const groupsInKey = groupCount;

/** What of a text belongs to written keys, one way: "ｖ3ｋ8 o" is "V3K80". */
export const charactersIn = (text: string): string =>
  groupsTyped(text).join("").replaceAll("O", "0").replaceAll(/[IL]/gu, "1").replaceAll("U", "V");

/** The groups of a text as somebody typed them, whatever stands between; what was typed without spaces is cut every five. */
export const groupsTyped = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toUpperCase()
    // A Japanese keyboard's dash may be the sign of a long vowel, which counts as a letter.
    .split(/[^\p{L}\p{N}]+|ー+/u)
    .flatMap((part) => (part.length < 2 * groupLength ? [part] : (part.match(/.{1,5}/gu) ?? [])))
    .filter((part) => part !== "");

function valueOf(letter: string, at: number): number {
  const value = characters.indexOf(letter);
  if (value >= 0) return value;
  throw new Refused(`"${letter}" in group ${Math.floor(at / groupLength) + 1} occurs in no key.`);
}

const groupsOf = (values: readonly number[]): number[][] =>
  Array.from({ length: Math.ceil(values.length / groupLength) }, (_, at) =>
    values.slice(at * groupLength, (at + 1) * groupLength),
  );

/** Twice a value, in the field of 32 elements (modulo x⁵ + x² + 1). */
const twice = (value: number) => (value & 16 ? ((value << 1) & 31) ^ 5 : value << 1);

/**
 * The four values, weighted by 2, 4, 8 and 16 in that field, and the place of the group. All weights differ, and none is
 * the check character's own, 1; so no one character, and no two exchanged, leave it as it is.
 */
const checkOf = (values: readonly number[], at: number): number =>
  values.slice(0, 4).reduceRight((sum, value) => twice(sum ^ value), 0) ^ at;

const isRight = (group: readonly number[], at: number) => checkOf(group, at) === group[4];

const spell = (values: readonly number[]) => values.map((value) => characters[value]).join("");

function wrongLength(text: string, values: readonly number[]): string {
  const typed = groupsTyped(text);
  const odd = typed.findIndex((group) => group.length !== groupLength);
  const isGrouped = typed.length > 1 && odd >= 0;
  const at = isGrouped ? odd : groupsOf(values).findIndex((group, n) => !isRight(group, n));
  const counted = `A key has ${groupCount} groups of ${groupLength} characters; here are ${values.length} characters in all.`;
  if (isGrouped) return `${counted} Group ${at + 1} (${typed[at]}) has ${typed[at]?.length}.`;
  return at < 0 ? counted : `${counted} Look at group ${at + 1} first.`;
}

function wrongGroups(groups: readonly number[][], wrong: readonly number[]): string {
  const [first = 0, second = 0] = wrong;
  const one = groups[first] ?? [];
  const other = groups[second] ?? [];
  if (wrong.length === 2 && isRight(one, second) && isRight(other, first))
    return `Groups ${first + 1} and ${second + 1} (${spell(one)} and ${spell(other)}) are exchanged.`;
  const named = wrong.map((at) => `${at + 1} (${spell(groups[at] ?? [])})`).join(", ");
  return wrong.length === 1
    ? `Group ${named} is not as it was written.`
    : `Groups ${named} are not as they were written.`;
}
