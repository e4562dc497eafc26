import { formatDayIn } from "#db/calendar/days.ts";
import { env } from "#db/env.ts";
import type { Locale } from "#db/terms/locale.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import { mailDomain } from "#emails/addresses.ts";
import { automaticHeaders, type MailContent, mailContent, contactBlockIn } from "./mail-content.ts";

/**
 * The receipt of a consultation, to the family, at once; in the language of their form. Others may read
 * it over a shoulder or share the mailbox, so it must not hold the name or a word of what was written.
 * All it says stood on the screen. `replyByDate`: a day, YYYY-MM-DD. `isSpoken`: the family phoned or came,
 * so no screen has shown it a receipt code.
 */
export function receiptMail(of: {
  reference: string;
  replyByDate: string;
  locale: Locale;
  isSpoken?: boolean;
}): Promise<MailContent> {
  const { mails } = wordsIn(of.locale);
  const words = mails.receipt;
  return mailContent(
    words.subject,
    [
      { title: words.title },
      words.lead,
      {
        isMain: true,
        facts: [
          [words.reference, of.reference],
          [words.promise, words.until(formatDayIn(of.locale, of.replyByDate))],
        ],
      },
      of.isSpoken ? words.readSpoken : words.read,
      { button: words.button, link: env.PUBLIC_ORIGIN + pathIn(of.locale, "/consultation/return") },
      words.call,
      ...contactBlockIn(of.locale),
      mails.allowDomain(mailDomain()),
      mails.notForYou,
    ],
    automaticHeaders,
    of.locale,
  );
}
