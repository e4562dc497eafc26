/**
 * The parts that a mail's sheet is made of, as HTML. Each brings its colours by day; its class lets the night of the
 * head's style change them. Words are plain text: they are escaped.
 */

import { html } from "hono/html";
import { settings } from "#db/settings/settings.ts";
import { telephoneLink } from "#db/settings/wording.ts";
import { senderAddress } from "#emails/addresses.ts";
import { mailColours } from "./colours.ts";

/** A piece of HTML that is safe to insert. */
type Part = ReturnType<typeof html>;

/** Long addresses may break anywhere; otherwise a phone has to scroll sideways to read the mail. */
const anywhere = "overflow-wrap:anywhere;word-break:break-all";

/** The organisation's number and address as they stand in words, each with what it opens. */
function waysToReachUs(): [shown: string, href: string][] {
  const { phone } = settings();
  const { address } = senderAddress();
  const ways: [string, string][] = [
    [phone, telephoneLink(phone)],
    [address, `mailto:${address}`],
  ];
  return ways.filter(([shown]) => shown !== "");
}

/** Words in which the organisation's number can be dialled and its address written to. */
export function linked(words: string, ways = waysToReachUs()): (string | Part)[] {
  const [way, ...others] = ways;
  if (way === undefined) return [words];
  const [shown, href] = way;
  const style = `color:${mailColours().day.key}${href.startsWith("tel:") ? ";white-space:nowrap" : ""}`;
  return words
    .split(shown)
    .flatMap((part, at) => [
      ...(at > 0 ? [html`<a style="${style}" href="${href}">${shown}</a>`] : []),
      ...linked(part, others),
    ]);
}

export const paragraphPart = (words: string): Part => html`<p style="margin:16px 0">${linked(words)}</p>`;

/** Between phrases, where a mail program can tell them apart. */
const headingStyle = "font-weight:bold;line-height:1.5;word-break:auto-phrase";

/** The first words of a mail. */
export const titlePart = (words: string): Part =>
  html`<h1 style="margin:16px 0;font-size:22px;${headingStyle}">${words}</h1>`;

export const headingPart = (words: string): Part =>
  html`<h2 style="margin:24px 0 8px;font-size:18px;${headingStyle}">${words}</h2>`;

/**
 * The one thing to do, to be pressed; beneath it the bare address for whoever copies it into another program. The cell
 * carries the colour and the link the room around its words, so that all of it can be pressed; Outlook, which gives a
 * link no room, takes that of the cell.
 */
export function buttonPart(words: string, link: string): Part {
  const { key, onKey } = mailColours().day;
  const style = `display:inline-block;padding:12px 28px;border-radius:8px;background-color:${key};color:${onKey};font-weight:bold;text-decoration:none`;
  const cell = `border-radius:8px;background-color:${key};color:${onKey};mso-padding-alt:12px 28px`;
  return html`<table role="presentation" style="margin:24px 0 4px;border-collapse:separate;border-spacing:0">
      <tr>
        <td class="button" style="${cell}">
          <a style="${style}" href="${link}">${words}</a>
        </td>
      </tr>
    </table>
    <p style="margin:0 0 24px;font-size:14px;line-height:1.5">${bareLink(link)}</p>`;
}

const bareLink = (link: string): Part =>
  html`<a style="color:${mailColours().day.key};${anywhere}" href="${link}">${link}</a>`;

/** A link by its own words. */
export const anchor = (words: string, link: string): Part =>
  html`<a style="color:${mailColours().day.key}" href="${link}">${words}</a>`;

/** A way further; `lead` stands before it. */
export const linkPart = ({ lead, label, link }: { lead?: string; label: string; link: string }): Part =>
  html`<p style="margin:12px 0">${lead === undefined ? "" : html`${lead}<br />`}${anchor(label, link)}</p>`;

type Fact = readonly [name: string, value: string];

/** The cells of a table, in facts and in what staff write. */
export const cellStyle = "padding:4px 16px 4px 0;text-align:left;vertical-align:top";

/** Facts beside their names. */
export function factsPart(facts: readonly Fact[]): Part {
  const nameStyle = `${cellStyle};color:${mailColours().day.soft};font-weight:normal;word-break:keep-all;overflow-wrap:normal`;
  const rows = facts.map(
    ([name, value]) =>
      html`<tr>
        <th class="soft" scope="row" style="${nameStyle}">${name}</th>
        <td style="${cellStyle};padding-right:0">${linked(value)}</td>
      </tr>`,
  );
  return html`<table style="margin:16px 0;border-collapse:collapse">
    ${rows}
  </table>`;
}

/** The facts that a mail is about, one above the other, to be found at a glance and noted. A cell, since Outlook gives no other block room. */
export function mainFactsPart(facts: readonly Fact[]): Part {
  const { tint, line, soft, ink } = mailColours().day;
  const style = `padding:4px 16px;border-left:4px solid ${line};background-color:${tint};color:${ink}`;
  const strong = (value: string) => html`<strong style="font-size:20px;line-height:1.5">${value}</strong>`;
  const rows = facts.map(
    ([name, value]) =>
      html`<p style="margin:8px 0"><span class="soft" style="color:${soft}">${name}</span><br />${strong(value)}</p>`,
  );
  return html`<table role="presentation" style="width:100%;margin:16px 0;border-collapse:collapse">
    <tr>
      <td class="main" style="${style}">${rows}</td>
    </tr>
  </table>`;
}

/** The looks of a rule, wherever one stands. */
export const ruleStyle = (): string => `margin:24px 0;border:0;border-top:1px solid ${mailColours().day.rule}`;

/** Between what is said and how we are reached. */
export const rulePart = (): Part => html`<hr style="${ruleStyle()}" />`;

/** The widest picture that a sheet has room for, in pixels. */
const widest = 560;

/** A picture of our own, at an address that is the same for every reader; its words stand where pictures are not loaded. */
export function picturePart(picture: { address: string; width: number; height: number; alt: string }): Part {
  const width = Math.min(widest, picture.width);
  const height = Math.round((picture.height * width) / picture.width);
  // A width in per cent lets a cell be narrower than the picture; Outlook heeds the attribute.
  const style = `display:block;width:100%;max-width:${width}px;height:auto;border-radius:8px`;
  return html`<p style="margin:16px 0">
    <img src="${picture.address}" width="${width}" height="${height}" alt="${picture.alt}" style="${style}" />
  </p>`;
}

/** Something of ours to read on: its title as a link, and what it is. */
export function cardPart({ title, words, link }: { title: string; words: string; link: string }): Part {
  const { tint, line, ink } = mailColours().day;
  const style = `padding:8px 16px;border-left:4px solid ${line};background-color:${tint};color:${ink}`;
  return html`<table role="presentation" style="width:100%;margin:16px 0;border-collapse:collapse">
    <tr>
      <td class="main" style="${style}">
        <strong>${anchor(title, link)}</strong>${words === "" ? "" : html`<br />${words}`}
      </td>
    </tr>
  </table>`;
}
