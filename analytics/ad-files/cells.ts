/** Numbers and ids as the cells of an export write them. */

import { microsOf } from "#analytics/money.ts";
import { Refused } from "#db/errors.ts";

const notApplicable = /^-*$/u;
const grouped = /^\d{1,3}(?:,\d{3})+(?=\.|$)/u;
const currencySign = /^(?:[A-Z]{0,3}[$¥€£]|[A-Z]{3}\s)\s*/u;

/** Empty, or " --". */
export const isNothing = (cell: string): boolean => notApplicable.test(cell.trim());

/** "1,204" → "1204", "US$3.04" → "3.04", " --" → "0" (not applicable). */
function plainNumber(cell: string): string {
  if (/^\d+(?:\.\d+)?$/u.test(cell)) return cell;
  const text = cell.normalize("NFKC").trim().replace(currencySign, "");
  if (notApplicable.test(text)) return "0";
  return grouped.test(text) ? text.replaceAll(",", "") : text;
}

/** A count of things; refuses a part of one, a minus, or a spelling that could mean two numbers. */
export function countIn(cell: string, line: number): number {
  const text = plainNumber(cell);
  if (!/^\d{1,9}(?:\.0+)?$/u.test(text)) throw new Refused(`${line}行目の「${cell}」を数として読めません。`);
  return Number(text);
}

/** A sum of money, or of conversions, in millionths; below a trillion, so that sums of them fit their columns. */
export function amountIn(cell: string, line: number): bigint {
  const micros = microsOf(plainNumber(cell));
  if (micros === undefined || micros >= 10n ** 18n)
    throw new Refused(`${line}行目の「${cell}」を金額として読めません。`);
  return micros;
}

/** A sum of money that the API writes in millionths. */
export function microsIn(cell: string, line: number): bigint {
  if (!/^\d{1,18}$/u.test(cell)) throw new Refused(`${line}行目の「${cell}」を金額として読めません。`);
  return BigInt(cell);
}

/** Digits that a printed sum has after its point: it is rounded by up to half of the last one. */
export const fractionDigits = (cell: string): number => /\.(\d+)\s*$/u.exec(cell.normalize("NFKC"))?.[1]?.length ?? 0;

/** A number that names something. A spreadsheet that rewrote it as 3.11E+11 has lost its last digits. */
export function idIn(cell: string, line: number): string | undefined {
  if (notApplicable.test(cell)) return undefined;
  if (/^\d{1,20}$/u.test(cell)) return cell;
  throw new Refused(
    `${line}行目の ID「${cell}」を読めません。表計算ソフトで保存し直すと桁が失われます。書き出したままのファイルを使ってください。`,
  );
}
