/** The layout of our mails: a few paragraphs, rendered as text and as HTML from the same blocks. */

import { html, raw } from "hono/html";
import { brandPalette } from "#db/settings/brand.ts";
import { settings } from "#db/settings/settings.ts";
import type { Locale } from "#db/terms/locale.ts";
import { langOf, wordsIn } from "#db/words/words.ts";
import { senderAddress } from "#emails/addresses.ts";

/** A mail without its recipients. */
export interface MailContent {
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}

/** A paragraph, a link on a line of its own, or a table of facts. */
export type Block = string | { link: string; label: string } | { facts: readonly (readonly [string, string])[] };

/** RFC 3834: keeps auto-responders from answering this mail. */
export const automaticHeaders = { "Auto-Submitted": "auto-generated" };

/** How to reach us, and the notice that the organisation is invented; the end of every mail to people outside but the newsletter. */
export function contactBlockIn(locale: Locale): Block[] {
  const { mails } = wordsIn(locale);
  const { phone } = settings();
  return [
    {
      facts: [
        ...(phone === "" ? [] : [[mails.phone, phone] as const, [mails.hours, mails.hoursText] as const]),
        [mails.email, senderAddress().address],
      ],
    },
    ...(mails.invented === "" ? [] : [mails.invented]),
  ];
}

/** For mails that somebody else may have caused by typing this address into a form. */
export const notForYou = (): string => wordsIn("ja").mails.notForYou;

/** Long links may break anywhere; otherwise a phone has to scroll sideways to read the mail. */
const link = () => `color:${brandPalette().day.key};overflow-wrap:anywhere;word-break:break-all`;
const cell = "padding:4px 16px 4px 0;text-align:left;vertical-align:top";

/** Renders a mail as text and as HTML. Blocks are plain text: the HTML escapes them. */
export async function mailContent(
  subject: string,
  blocks: Block[],
  headers: Record<string, string> = {},
  locale: Locale = "ja",
): Promise<MailContent> {
  const { mails } = wordsIn(locale);
  const body = blocks.map((block) => {
    if (typeof block === "string") return html`<p>${block}</p>`;
    if ("link" in block)
      return html`<p>${block.label}<br /><a style="${link()}" href="${block.link}">${block.link}</a></p>`;
    const rows = block.facts.map(
      ([name, value]) =>
        html`<tr>
          <th style="${cell};font-weight:normal;color:#4d4d4d;white-space:nowrap">${name}</th>
          <td style="${cell}">${value}</td>
        </tr>`,
    );
    return html`<table style="border-collapse:collapse;margin:16px 0">
      ${rows}
    </table>`;
  });
  const text = blocks.map((block) => {
    if (typeof block === "string") return block;
    if ("link" in block) return `${block.label}\n${block.link}`;
    return block.facts.map(([name, value]) => `${name}${mails.colon}${value}`).join("\n");
  });
  return {
    subject,
    text: `${mails.from}\n\n${text.join("\n\n")}\n`,
    html: await mailPage(subject, (await Promise.all(body.map((part) => Promise.resolve(part)))).join(""), locale),
    headers,
  };
}

/** The whole HTML document around a mail's content, which is inserted unescaped and must be safe. */
export async function mailPage(title: string, content: string, locale: Locale = "ja"): Promise<string> {
  const frame = html`<!doctype html>
    <html lang="${langOf(locale)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
      </head>
      <body
        style="margin:0;background:#f5f7fa;color:#1a1a1c;font-family:'Hiragino Sans','Yu Gothic UI',Meiryo,sans-serif;font-size:16px;line-height:1.8"
      >
        <div style="max-width:36rem;margin:0 auto;padding:24px 20px;background:#ffffff">
          <p style="font-weight:bold;color:${brandPalette().day.strong}">${wordsIn(locale).mails.from}</p>
          ${raw(content)}
        </div>
      </body>
    </html>`;
  return String(await frame);
}
