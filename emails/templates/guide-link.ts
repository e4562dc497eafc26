import { dayOf, formatDayIn } from "#db/calendar/days.ts";
import { env } from "#db/env.ts";
import type { PublishedText } from "#db/published/texts.ts";
import type { Locale } from "#db/terms/locale.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import { automaticHeaders, type MailBlock, type MailContent, mailContent, contactBlockIn } from "./mail-content.ts";

/** What the mail leads on to beside a consultation; each undefined where there is none. */
interface Further {
  event?: PublishedText<"event"> | undefined;
  other?: { slug: string; title: string } | undefined;
}

/**
 * The download link of a guide, to whoever requested it, in the language of their form. It must not hold the reason for the
 * request or anything else that the person wrote.
 */
export function guideLinkMail(
  of: { title: string; token: string; expiresAt: Date; locale: Locale } & Further,
): Promise<MailContent> {
  const { mails } = wordsIn(of.locale);
  return mailContent(
    mails.guideLink.subject,
    [
      { title: mails.guide.title },
      mails.guideLink.lead(of.title),
      { button: mails.guide.button, link: `${env.PUBLIC_ORIGIN}/d/${of.token}` },
      mails.guideLink.until(formatDayIn(of.locale, dayOf(of.expiresAt))),
      ...furtherBlocks(of.locale, of),
      ...contactBlockIn(of.locale),
      mails.notForYou,
    ],
    automaticHeaders,
    of.locale,
  );
}

/** Ways on from a guide, the same for everybody: the mail knows nothing of who reads it. */
function furtherBlocks(locale: Locale, { event, other }: Further): MailBlock[] {
  const { landing, mails } = wordsIn(locale);
  const words = mails.guide;
  const page = (path: string) => env.PUBLIC_ORIGIN + pathIn(locale, path);
  return [
    { heading: words.heading },
    { lead: words.ask, label: words.askLink, link: page("/consultation") },
    ...(event
      ? [
          {
            lead: words.event(
              formatDayIn(locale, event.facts.day),
              landing.hours(event.facts.starts, event.facts.ends),
            ),
            label: event.body.title,
            link: page(`/events#event-${event.slug}`),
          },
        ]
      : []),
    ...(other ? [{ lead: words.guide, label: other.title, link: page(`/guides/${other.slug}`) }] : []),
  ];
}
