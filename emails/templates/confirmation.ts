import { dayOf, formatDayIn } from "#db/calendar/days.ts";
import { env } from "#db/env.ts";
import type { Locale } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";
import { automaticHeaders, type MailContent, mailContent, contactBlockIn } from "./mail-content.ts";

/**
 * The double opt-in mail, to an address that was typed into a subscription form; in the language
 * of that form. Its owner may know nothing of it: the mail must not advertise, nor promise anything but the link. `lists`: names.
 */
export function confirmationMail(of: {
  token: string;
  lists: string[];
  expiresAt: Date;
  locale: Locale;
}): Promise<MailContent> {
  const { confirmation } = wordsIn(of.locale).mails;
  return mailContent(
    confirmation.subject,
    [
      confirmation.lead(of.lists),
      { button: confirmation.link, link: `${env.PUBLIC_ORIGIN}/newsletter/confirm/${of.token}` },
      confirmation.until(formatDayIn(of.locale, dayOf(of.expiresAt))),
      confirmation.notYou,
      ...contactBlockIn(of.locale),
    ],
    automaticHeaders,
    of.locale,
  );
}
