/** Telephone numbers as people write them, and as they are compared and dialled. */

import { blindIndex } from "#db/vault/blind-index.ts";

/** Digits only, for comparing: NFKC, then without spaces, brackets and every kind of dash. */
export const foldPhone = (value: string) => value.normalize("NFKC").replace(/[\s()\p{Pd}−ー]/gu, "");

/** Whether a folded number can be a Japanese telephone number, with or without the country code. */
export const isPhoneNumber = (folded: string): boolean => /^(?:\d{10,11}|\+81\d{9,10})$/u.test(folded);

/**
 * The digits to dial and to look a family up by, without an extension that was typed behind them (内線, ext., #).
 * Undefined when what was typed cannot be a telephone number.
 */
export function numberToDial(typed: string): string | undefined {
  const [beforeExtension = ""] = typed.normalize("NFKC").split(/内線|ext|#/iu);
  const folded = foldPhone(beforeExtension).replace(/[,.、:]+$/u, "");
  return isPhoneNumber(folded) ? folded : undefined;
}

/** What a family is found by with this number, without its extension; null without a number. */
export function phoneIndexOf(typed: string | undefined): Buffer | null {
  const number = typed === undefined ? undefined : numberToDial(typed);
  return number === undefined ? null : blindIndex("phone", number);
}
