/** From the bytes of an export to its records, in parts. */

import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { parse as parseSync } from "csv-parse/sync";
import iconv from "iconv-lite";
import { withoutControls } from "#analytics/controls.ts";
import { type TextEncoding, readable } from "#analytics/text-encoding.ts";
import { Refused } from "#db/errors.ts";
import type { AdsSource } from "./source.ts";

/** One record and the line of the file it ends on. */
export interface AdsRecord {
  line: number;
  cells: string[];
}

/** Characters of the beginning in which the separator is looked for. */
const headLength = 64 * 1024;

/** Characters of a record at most: a row has a few thousand. A file without line breaks, or with a quote that never ends, is one. */
const maxRecord = 256 * 1024;

const options = { relax_column_count: true, relax_quotes: true, skip_empty_lines: true, max_record_size: maxRecord };

const cleaned = (cell: string) => withoutControls(cell).trim();

/** Records with trimmed cells. Throws Refused for what is no text or no CSV. */
export async function* recordsOf(source: AdsSource, encoding: TextEncoding): AsyncGenerator<AdsRecord> {
  const text = decoded(source, encoding)[Symbol.asyncIterator]();
  let head = "";
  while (head.length < headLength) {
    const { done, value } = await text.next();
    if (done) break;
    head += value;
  }
  head = head.replace(/^\ufeff/u, "");
  const delimiter = delimiterOf(head);
  const { lines, rest } = splitPreface(head, delimiter);
  for (const [at, line] of lines.entries()) {
    const [cells] = parseSync(line, { ...options, delimiter }) as string[][];
    if (cells) yield { line: at + 1, cells: cells.map(cleaned) };
  }
  async function* whole() {
    if (rest !== "") yield rest;
    for (let next = await text.next(); !next.done; next = await text.next()) yield next.value;
  }
  const parser = parse({ ...options, delimiter, info: true });
  const input = Readable.from(whole());
  input.on("error", (error) => parser.destroy(error));
  input.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>)
      yield { line: lines.length + info.lines, cells: record.map(cleaned) };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("CSV_"))) throw error;
    throw new Refused(
      error.code === "CSV_MAX_RECORD_SIZE"
        ? '一つの行が長すぎます。改行が失われているか、引用符（"）が閉じられていません。書き出したままのファイルを使ってください。'
        : "CSV として読めませんでした。途中で切れていないか確かめてください。",
    );
  } finally {
    input.destroy();
  }
}

async function* decoded(source: AdsSource, encoding: TextEncoding): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding);
  for await (const part of source.open()) yield readable(decoder.write(Buffer.from(part)), encoding);
  yield readable(decoder.end() ?? "", encoding);
}

/**
 * The lines above the headings, which have few cells, apart from the rest: csv-parse makes an error for each record that
 * has not as many cells as the first one, which took half of the time of reading a file.
 */
function splitPreface(head: string, delimiter: string): { lines: string[]; rest: string } {
  const lines: string[] = [];
  let at = 0;
  while (lines.length < 20) {
    const end = head.indexOf("\n", at);
    const line = head.slice(at, end).replace(/\r$/u, "");
    if (end === -1 || line.split(delimiter).length > 3) break;
    lines.push(line);
    at = end + 1;
  }
  return { lines, rest: head.slice(at) };
}

/** The separator that the first ten lines hold most of. */
function delimiterOf(head: string): string {
  const lines = head.split("\n", 10).join("\n");
  const counts = [",", "\t", ";"].map((mark) => ({ mark, count: lines.split(mark).length }));
  return counts.toSorted((a, b) => b.count - a.count)[0]?.mark ?? ",";
}
