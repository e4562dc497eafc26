import { env } from "#db/env.ts";
import type { Locale } from "#db/terms/locale.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import { automaticHeaders, type MailContent, mailContent, contactBlockIn } from "./mail-content.ts";

/**
 * The notice that staff have replied, to the family; in the language of their form. It says where to read
 * the reply and must not hold a word of it, nor the receipt code that opens it.
 */
export function replyNoticeMail(of: { reference: string; locale: Locale }): Promise<MailContent> {
  const words = wordsIn(of.locale).replyNotice;
  return mailContent(
    words.subject,
    [
      { title: words.title },
      words.lead,
      { isMain: true, facts: [[words.reference, of.reference]] },
      { button: words.link, link: env.PUBLIC_ORIGIN + pathIn(of.locale, "/consultation/return") },
      words.lost,
      ...contactBlockIn(of.locale),
    ],
    automaticHeaders,
    of.locale,
  );
}
