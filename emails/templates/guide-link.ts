import { dayOf, formatDay } from "#db/calendar/days.ts";
import { env } from "#db/env.ts";
import { settings } from "#db/settings/settings.ts";
import { automaticHeaders, type MailContent, mailContent, notForYou, contactBlock } from "./mail-content.ts";

/**
 * The download link of a guide, to whoever requested it; in Japanese. It must not hold the reason for the
 * request or anything else that the person wrote.
 */
export function guideLinkMail(of: { title: string; token: string; expiresAt: Date }): Promise<MailContent> {
  return mailContent(
    `【${settings().name.ja}】資料のご案内`,
    [
      `「${of.title}」をお申し込みいただき、ありがとうございます。次のページからダウンロードできます。`,
      { label: of.title, link: `${env.PUBLIC_ORIGIN}/d/${of.token}` },
      `このリンクは${formatDay(dayOf(of.expiresAt))}まで使えます。期限を過ぎたときは、もう一度お申し込みください。`,
      ...contactBlock(),
      notForYou(),
    ],
    automaticHeaders,
  );
}
