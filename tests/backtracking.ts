/**
 * How much a regular expression backtracks, counted by V8 itself: a check for quadratic or exponential
 * patterns that reads no clock, and so says the same on a slow machine.
 */

import { setFlagsFromString } from "node:v8";
import { runInThisContext } from "node:vm";

/** V8's own test function: it compiles a pattern that gives up, as if nothing matched, after so many backtracks. */
function withBacktrackLimit(source: string, flags: string, limit: number): RegExp {
  setFlagsFromString("--allow-natives-syntax");
  try {
    // From text, since this syntax is understood only while the flag is set.
    const compile = runInThisContext("(source, flags, limit) => %NewRegExpWithBacktrackLimit(source, flags, limit)");
    return (compile as (...given: [string, string, number]) => RegExp)(source, flags, limit);
  } finally {
    setFlagsFromString("--no-allow-natives-syntax");
  }
}

/**
 * Whether going through `text` for every match of `pattern` takes more backtracks than `perCharacter` for each of
 * its characters. A pattern that is linear in the length stays below a small number, however long the text is.
 */
export function backtracksTooMuch({ source, flags }: RegExp, text: string, perCharacter = 8): boolean {
  // The end of the text always matches, so that no match at all means that the limit was reached.
  const pattern = withBacktrackLimit(`${source}|(?![^])`, `${flags.replace("g", "")}g`, text.length * perCharacter);
  // Optimised, a loop over one character takes its steps without counting them.
  setFlagsFromString("--no-regexp-optimization");
  try {
    for (;;) {
      const match = pattern.exec(text);
      if (match === null) return true;
      if (pattern.lastIndex >= text.length) return false;
      if (match[0] === "") pattern.lastIndex++;
    }
  } finally {
    setFlagsFromString("--regexp-optimization");
  }
}
