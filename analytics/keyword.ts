/** The keyword that was bid on, in the three spellings it reaches us in: URL, export, and our own key. */

import type { MatchType } from "#db/terms/attribution.ts";

/** Google Ads writes the match type into the text: "phrase", [exact], and formerly +broad +modified. */
const phrase = /^"(.*)"$/su;
const exact = /^\[(.*)\]$/su;
const modifier = /(^|\s)\++(?=\S)/gu;

/** The bare words of a keyword, and the match type its marks say; plain words say nothing. */
export function stripMatchMarks(text: string): { text: string; matchType?: MatchType } {
  const trimmed = text.trim();
  const quoted = phrase.exec(trimmed)?.[1];
  if (quoted !== undefined) return { text: quoted.trim(), matchType: "phrase" };
  const bracketed = exact.exec(trimmed)?.[1];
  if (bracketed !== undefined) return { text: bracketed.trim(), matchType: "exact" };
  return { text: trimmed.replace(modifier, "$1") };
}

/**
 * The form in which two spellings of one keyword are equal: NFKC (which also narrows full-width
 * letters and spaces), lower case, single spaces, no match marks. For comparing, never for showing.
 */
export function keywordKey(text: string): string {
  const known = keys.get(text);
  if (known !== undefined) return known;
  const key = foldKeyword(text);
  if (keys.size >= maxKeys) keys.clear();
  if (text.length <= maxKeptLength) keys.set(text, key);
  return key;
}

/** Keys of the last keywords: a report compares the same ones thousands of times. Bounded, since strangers make words up. */
const keys = new Map<string, string>();
const maxKeys = 20_000;
const maxKeptLength = 200;

function foldKeyword(text: string): string {
  const folded = text.normalize("NFKC").toLowerCase().normalize("NFKC").replaceAll(/\s+/gu, " ");
  const bare = stripMatchMarks(folded).text;
  return bare === folded ? bare : foldKeyword(bare);
}

/**
 * The match type behind a URL's {matchtype} (e, p, b) or an export's label in either language, close
 * variants included; undefined for anything else, such as "unknown" or AI Max.
 */
export function matchTypeOf(label: string | undefined): MatchType | undefined {
  const text = (label ?? "").normalize("NFKC").trim().toLowerCase();
  if (/^e$|^exact|^完全一致/u.test(text)) return "exact";
  if (/^p$|^phrase|^フレーズ一致/u.test(text)) return "phrase";
  if (/^b$|^broad|^(?:インテントマッチ|(?:絞り込み)?部分一致)/u.test(text)) return "broad";
  return undefined;
}
