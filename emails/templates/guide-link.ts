import { dayOf, formatDayIn } from "#db/calendar/days.ts";
import { env } from "#db/env.ts";
import type { Locale } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";
import { automaticHeaders, type MailContent, mailContent, contactBlockIn } from "./mail-content.ts";

/**
 * The download link of a guide, to whoever requested it, in the language of their form. It must not hold the reason for the
 * request or anything else that the person wrote.
 */
export function guideLinkMail(of: {
  title: string;
  token: string;
  expiresAt: Date;
  locale: Locale;
}): Promise<MailContent> {
  const { mails } = wordsIn(of.locale);
  return mailContent(
    mails.guideLink.subject,
    [
      mails.guideLink.lead(of.title),
      { label: of.title, link: `${env.PUBLIC_ORIGIN}/d/${of.token}` },
      mails.guideLink.until(formatDayIn(of.locale, dayOf(of.expiresAt))),
      ...contactBlockIn(of.locale),
      mails.notForYou,
    ],
    automaticHeaders,
    of.locale,
  );
}
