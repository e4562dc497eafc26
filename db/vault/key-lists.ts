/** Lists of keys as a variable or a file holds them: each the base64 of 32 bytes, or as people write it down. */

import { charactersIn, type KeyKind, readWrittenKey } from "./written-keys.ts";

/** Characters of a written key. */
const writtenLength = 65;

/** The keys of a text, with commas, spaces or lines between. Throws a sentence that names `source` when one is unusable. */
export function parseKeys(kind: KeyKind, text: string, source: string): Buffer[] {
  return text.split(",").flatMap((part) => keysIn(kind, part, source));
}

/** Written keys have spaces and line breaks inside: their words are gathered until there are enough for one. */
function keysIn(kind: KeyKind, text: string, source: string): Buffer[] {
  const keys: Buffer[] = [];
  let gathered = "";
  const read = () => {
    if (gathered !== "" || text.trim() === "") keys.push(readOne(kind, gathered, source));
    gathered = "";
  };
  for (const word of text.split(/\s+/u)) {
    const bytes = Buffer.from(word, "base64");
    if (bytes.length === 32 && !/^(?:[^-]{1,6}-){3}/u.test(word)) {
      read();
      keys.push(bytes);
    } else if (word !== "") gathered += `${word} `;
    if (charactersIn(gathered).length >= writtenLength) read();
  }
  read();
  return keys;
}

function readOne(kind: KeyKind, text: string, source: string): Buffer {
  const needed = `${source} is not usable: each key is the base64 of 32 bytes, or the 13 groups that were written down.`;
  if (charactersIn(text).length < writtenLength / 2) throw new Error(needed);
  try {
    return readWrittenKey(kind, text);
  } catch (error) {
    throw new Error(`${needed} ${(error as Error).message}`, { cause: error });
  }
}
