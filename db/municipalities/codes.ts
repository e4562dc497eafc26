/** Municipality codes as people and files bring them: with or without the check digit, and their answers in forms. */

import { findMunicipality, findPrefecture } from "./places.ts";

const weights = [6, 5, 4, 3, 2] as const;

/**
 * The sixth digit of a code of five (総務省「全国地方公共団体コード仕様」): 11 less the remainder of the weighted sum by 11,
 * of which the last digit counts: a remainder of 0 gives 1, of 1 gives 0.
 */
export function checkDigit(fiveDigits: string): string {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(fiveDigits[at]), 0);
  return String((11 - (sum % 11)) % 10);
}

export type ParsedCode = { code: string; reason?: undefined } | { code?: undefined; reason: string };

/**
 * A code of five or six digits, half or full width, as five digits; or why it is none, in Japanese, for the line of a
 * file that somebody imports. A code that lost its leading zero in a spreadsheet has four or five digits: it is refused
 * rather than guessed, since five digits are also a whole code.
 */
export function parseCode(input: string): ParsedCode {
  const digits = input.normalize("NFKC").trim();
  if (!/^\d{5,6}$/u.test(digits)) return { reason: `「${input}」は市区町村コードではありません。5桁か6桁の数字です。` };
  const code = digits.slice(0, 5);
  const right = checkDigit(code);
  if (digits.length === 6 && digits[5] !== right)
    return { reason: `「${input}」は最後の1桁（検査数字）が合いません。${code} なら ${code}${right} です。` };
  if (code.endsWith("000")) return { reason: `「${input}」は都道府県のコードです。市区町村のコードを書いてください。` };
  if (code === "13100") return { reason: `「${input}」は特別区部です。区ごとのコードを書いてください。` };
  if (findMunicipality(code) === undefined)
    return { reason: `「${input}」という市区町村コードは、ありません。先頭の 0 が落ちていないか、見てください。` };
  return { code };
}

/** What `consultations.municipality` holds for "outside the area we serve". */
export const elsewhere = "other";

/**
 * Whether a form may be answered with this: "other", or the code of any municipality or ward, valid still or formerly.
 * Wider than what a form offers, because a form that was open while the area or a code changed must not be refused.
 */
export const isMunicipalityAnswer = (value: string): boolean =>
  value === elsewhere || findMunicipality(value) !== undefined;

/** The prefecture of a code of five digits; undefined for "other" and what is no code. */
export const prefectureOf = (code: string) => (/^\d{5}$/u.test(code) ? findPrefecture(code) : undefined);
