import { sayDayIn } from "#db/days.ts";
import { env } from "#db/env.ts";
import type { Locale } from "#db/terms.ts";
import { pathIn, wordsIn } from "#db/words.ts";
import { mailDomain } from "../addresses.ts";
import { automatic, type Letter, letter, signatureIn } from "../letter.ts";

/**
 * To the family, at once and in the language of their form. Others may read over a shoulder or share
 * the address, so it holds no name and nothing of what was written; all it says stood on the screen.
 */
export function receipt(of: { reference: string; replyByDate: string; locale: Locale }): Promise<Letter> {
  const { mails } = wordsIn(of.locale);
  const words = mails.receipt;
  return letter(
    words.subject,
    [
      words.lead,
      {
        facts: [
          [words.reference, of.reference],
          [words.promise, words.until(sayDayIn(of.locale, of.replyByDate))],
        ],
      },
      { label: words.read, link: env.PUBLIC_ORIGIN + pathIn(of.locale, "/consultation/return") },
      words.call,
      ...signatureIn(of.locale),
      mails.allowDomain(mailDomain),
      mails.notForYou,
    ],
    automatic,
    of.locale,
  );
}
