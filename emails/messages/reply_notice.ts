import { env } from "#db/env.ts";
import type { Locale } from "#db/terms.ts";
import { pathIn, wordsIn } from "#db/words.ts";
import { automatic, type Letter, letter, signatureIn } from "../letter.ts";

/** To the family, in the language of their form: that a reply is there and how to read it. Nothing of it, and no code. */
export function replyNotice(of: { reference: string; locale: Locale }): Promise<Letter> {
  const words = wordsIn(of.locale).replyNotice;
  return letter(
    words.subject,
    [
      words.lead,
      { facts: [[words.reference, of.reference]] },
      { label: words.link, link: env.PUBLIC_ORIGIN + pathIn(of.locale, "/consultation/return") },
      words.lost,
      ...signatureIn(of.locale),
    ],
    automatic,
    of.locale,
  );
}
