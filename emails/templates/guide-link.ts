import { dayOf, formatDay, formatDayIn } from "#db/calendar/days.ts";
import { env } from "#db/env.ts";
import type { PublishedText } from "#db/published/texts.ts";
import { settings } from "#db/settings/settings.ts";
import type { Locale } from "#db/terms/locale.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import {
  automaticHeaders,
  type Block,
  type MailContent,
  mailContent,
  notForYou,
  contactBlock,
} from "./mail-content.ts";

/** What the mail leads on to beside a consultation; each undefined where there is none. */
interface Further {
  event?: PublishedText<"event"> | undefined;
  other?: { slug: string; title: string } | undefined;
}

/**
 * The download link of a guide, to whoever requested it; in Japanese. It must not hold the reason for the
 * request or anything else that the person wrote.
 */
export function guideLinkMail(of: { title: string; token: string; expiresAt: Date } & Further): Promise<MailContent> {
  const words = wordsIn("ja").mails.guide;
  return mailContent(
    `【${settings().name.ja}】資料のご案内`,
    [
      { title: words.title },
      `「${of.title}」をお申し込みいただき、ありがとうございます。次のページからダウンロードできます。`,
      { button: words.button, link: `${env.PUBLIC_ORIGIN}/d/${of.token}` },
      `このリンクは${formatDay(dayOf(of.expiresAt))}まで使えます。期限を過ぎたときは、もう一度お申し込みください。`,
      ...furtherBlocks("ja", of),
      ...contactBlock(),
      notForYou(),
    ],
    automaticHeaders,
  );
}

/** Ways on from a guide, the same for everybody: the mail knows nothing of who reads it. */
function furtherBlocks(locale: Locale, { event, other }: Further): Block[] {
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
    ...(other ? [{ lead: words.guide, label: other.title, link: `${env.PUBLIC_ORIGIN}/guides/${other.slug}` }] : []),
  ];
}
