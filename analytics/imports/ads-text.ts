/** From the bytes of an export to its records: character encodings, separators, formats of numbers. */

import { parse } from "csv-parse/sync";
import iconv from "iconv-lite";
import { microsOf } from "#analytics/money.ts";
import { Refused } from "#db/errors.ts";

/** One record and the line of the file it ends on. */
export interface AdsRecord {
  line: number;
  cells: string[];
}

/** UTF-8 and UTF-16 by their byte order marks, else by their bytes; CP932 (Excel on a Japanese Windows) for the rest. */
export function decode(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes);
  const [first, second] = buffer;
  if ((first === 0xff && second === 0xfe) || looksLikeUtf16(buffer)) return iconv.decode(buffer, "utf-16le");
  if (first === 0xfe && second === 0xff) return iconv.decode(buffer, "utf-16be");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(buffer);
  } catch {
    // Not UTF-8, so it is what Excel writes on a Japanese Windows.
  }
  const text = iconv.decode(buffer, "cp932");
  if (text.includes("\ufffd")) throw new Refused("文字コードが分かりません。UTF-8 で保存し直してください。");
  return text;
}

/** UTF-16 without a byte order mark: every second byte of its ASCII letters is zero. */
function looksLikeUtf16(buffer: Buffer): boolean {
  const head = buffer.subarray(0, 400);
  const zeros = head.filter((byte, at) => at % 2 === 1 && byte === 0).length;
  return head.length > 20 && zeros > head.length / 10;
}

/** Records with trimmed cells. Tabs separate where the first lines hold more tabs than commas. */
export function recordsOf(text: string): AdsRecord[] {
  const head = text.split("\n", 10).join("\n");
  const delimiter = head.split("\t").length > head.split(",").length ? "\t" : ",";
  try {
    const records = parse(text, {
      delimiter,
      bom: true,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({
      line: info.lines,
      cells: record.map((cell) => cell.replaceAll("\0", "").trim()),
    }));
  } catch {
    throw new Refused("CSV として読めませんでした。途中で切れていないか確かめてください。");
  }
}

const notApplicable = /^-*$/u;
const grouped = /^\d{1,3}(?:,\d{3})+(?=\.|$)/u;
const currencySign = /^(?:[A-Z]{0,3}[$¥€£]|[A-Z]{3}\s)\s*/u;

/** "1,204" → "1204", "US$3.04" → "3.04", " --" → "0" (not applicable). */
function plainNumber(cell: string): string {
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

/** A sum of money, or of conversions, in millionths. */
export function amountIn(cell: string, line: number): bigint {
  const micros = microsOf(plainNumber(cell));
  if (micros === undefined) throw new Refused(`${line}行目の「${cell}」を金額として読めません。`);
  return micros;
}

/** A number that names something. A spreadsheet that rewrote it as 3.11E+11 has lost its last digits. */
export function idIn(cell: string, line: number): string | undefined {
  if (notApplicable.test(cell)) return undefined;
  if (/^\d{1,20}$/u.test(cell)) return cell;
  throw new Refused(
    `${line}行目の ID「${cell}」を読めません。表計算ソフトで保存し直すと桁が失われます。書き出したままのファイルを使ってください。`,
  );
}
