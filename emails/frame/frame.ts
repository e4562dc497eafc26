/** The document around every mail: one column of at most 600 px, the organisation's name at the top, a night of its own. */

import { html, raw } from "hono/html";
import { brandPalette } from "#db/settings/brand.ts";
import type { Locale } from "#db/terms/locale.ts";
import { langOf, wordsIn } from "#db/words/words.ts";
import { mailColours, nightStyle, type Scheme } from "./colours.ts";

const fonts = "'Hiragino Sans','Hiragino Kaku Gothic ProN','Yu Gothic UI',Meiryo,sans-serif";

/** Mail programs know the one or the other of these; Outlook its own. */
const hidden = "display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px;mso-hide:all";

/**
 * The HTML of a mail around its content, which is inserted unescaped and must be safe.
 *
 * The organisation's mark is its name, written on a ground of its colour, and no picture. A picture on a server tells
 * its owner when a mail is read. One that travels in the mail (`cid:`) has to lie in its parts in another way for each
 * of the Japanese carriers (docomo, au, SoftBank) or is listed as a file to save; it makes a mail one with an attachment
 * to filters and to some versions of Outlook, where a paperclip then seems to hold papers of the family; and it cannot
 * change with the night. A name on a coloured cell is drawn by all of them, and read aloud by all.
 *
 * `preheader`: what mail programs show in their list beside the subject, the first words of the mail and unseen in it.
 *
 * Outlook (Word) knows no `max-width`, so the sheet has a width and a maximum of its surroundings, which phones heed.
 */
export async function mailPage(title: string, content: string, locale: Locale = "ja", preheader = ""): Promise<string> {
  const { ground, sheet, ink } = mailColours().day;
  const { chosen, onChosen } = brandPalette();
  const name = wordsIn(locale).mails.from;
  // No line begins with 。 or 」, and a long address breaks rather than make a phone scroll sideways.
  const breaks = "line-break:strict;overflow-wrap:anywhere";
  const unseen = preheader === "" ? "" : html`<div style="${hidden}">${preheader}</div>`;
  const document = html`<!doctype html>
    <html lang="${langOf(locale)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${title}</title>
        <style>
          ${raw(nightStyle())}
        </style>
      </head>
      <body class="ground" style="margin:0;padding:0;background-color:${ground};color:${ink}">
        <div class="ground" style="padding:16px 8px;background-color:${ground};color:${ink}">
          <table
            role="presentation"
            style="width:600px;max-width:100%;margin:0 auto;border-collapse:separate;border-spacing:0"
          >
            <tr>
              <td
                style="padding:12px 20px;border-radius:12px 12px 0 0;background-color:${chosen};color:${onChosen};font-family:${raw(fonts)};font-size:20px;font-weight:bold;line-height:1.5;${breaks}"
              >
                ${unseen}${name}
              </td>
            </tr>
            <tr>
              <td
                class="sheet"
                style="padding:8px 20px 20px;border-radius:0 0 12px 12px;background-color:${sheet};color:${ink};font-family:${raw(fonts)};font-size:16px;line-height:1.8;${breaks}"
              >
                ${raw(content)}
              </td>
            </tr>
          </table>
        </div>
      </body>
    </html>`;
  return String(await document);
}

/** A mail of `mailPage` as it looks by day or by night whatever the device, for a preview: the same mail but for the one style of its head. */
export const inScheme = (mail: string, scheme: Scheme): string => mail.replace(nightStyle(), () => nightStyle(scheme));
