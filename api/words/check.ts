/** What a text that replaces a section may be. */

import { Invalid } from "#db/errors.ts";
import { placeholdersIn } from "#db/words/placeholders.ts";
import type { SectionKind } from "#db/words/sections/section.ts";
import { textWords } from "#db/words/staff/texts.ts";
import { factsIn, hrefsIn } from "./render.ts";

/** The text to be stored: composed letters, without blanks around it. Throws Invalid for `field`. */
export function checkText(kind: SectionKind, body: string, field = "body"): string {
  const text = body.normalize("NFC").replaceAll(/\r\n?/gu, "\n").trim();
  const refused = problemOf(kind, text);
  if (refused !== undefined) throw new Invalid({ [field]: refused });
  return text;
}

/** What is wrong with it, in a sentence. */
function problemOf(kind: SectionKind, text: string): string | undefined {
  if (text === "") return textWords.empty;
  const { unknown } = placeholdersIn(text);
  if (unknown.length > 0) return textWords.unknown(unknown.join("」「"));
  if (kind === "line") return /\n/u.test(text) ? textWords.oneLine : undefined;
  if (hrefsIn(text).some((href) => /\{\{|%7B%7B/iu.test(href))) return textWords.inLink;
  if (kind === "facts" && factsIn(text).some(({ term, text: said }) => term === "" || said === ""))
    return textWords.noFacts;
  return undefined;
}
