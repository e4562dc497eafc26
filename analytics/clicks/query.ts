/**
 * The query of an address, with values that were percent-encoded in an older Japanese encoding. Advertising systems
 * and old bookmarks send keywords in Shift_JIS or EUC-JP, whose bytes are no UTF-8. Pure.
 */

/** The parameters of a query, given without its question mark. A value that is not UTF-8 is read as Shift_JIS or EUC-JP. */
export function readQuery(query: string): URLSearchParams {
  const read = new URLSearchParams(query);
  // Only what does not decode as UTF-8 costs more than the platform's own reading.
  if (!query.includes("%") || ![...read].flat().some((text) => text.includes("\ufffd"))) return read;
  const pairs = query.split("&").filter(Boolean);
  return new URLSearchParams(pairs.map((pair) => readPair(pair)));
}

function readPair(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return at < 0 ? [decode(pair), ""] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
}

const decoders = ["utf-8", "shift_jis", "euc-jp"].map((label) => new TextDecoder(label, { fatal: true }));

/** In the encoding of which the bytes are valid; of two Japanese ones, the one with fewer half-width kana. */
function decode(encoded: string): string {
  const bytes = bytesOf(encoded);
  const [utf8, ...others] = decoders.map((decoder) => attempt(decoder, bytes));
  if (utf8 !== undefined) return utf8;
  const texts = others.filter((text) => text !== undefined);
  const [best] = texts.toSorted((a, b) => oddities(a) - oddities(b));
  return best ?? Buffer.from(bytes).toString("utf8");
}

function attempt(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Half-width kana: what EUC-JP looks like when it is read as Shift_JIS, and hardly ever what somebody bids on. */
const oddities = (text: string): number => [...text.matchAll(/[\uff61-\uff9f]/gu)].length;

/** As application/x-www-form-urlencoded: a plus is a space, %XX a byte, an incomplete escape stands for itself. */
function bytesOf(encoded: string): Uint8Array {
  const raw = Buffer.from(encoded.replaceAll("+", " "), "utf8").toString("latin1");
  const bytes = raw.replaceAll(/%([\da-f]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1");
}
