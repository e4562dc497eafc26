/** The text of an issue as the HTML of a mail: the looks of our mails in its tags, since some programs drop the style of the head. */

import { mailColours } from "#emails/frame/colours.ts";
import { buttonPart, cardPart, cellStyle, paragraphPart, picturePart, ruleStyle } from "#emails/frame/parts.ts";
import { absolute, guidePath, isAllowedLink, proseHtml } from "./html.ts";
import { guideOf, type Material, materialPicture } from "./material.ts";
import { pictureInWords } from "./parser.ts";
import { guideSource, type IssueBlock, segmentsOf } from "./segments.ts";

/** Safe HTML; its links and pictures lead to `base`, our origin. */
export async function issueMailHtml(source: string, material: Material, base: string): Promise<string> {
  const parts = segmentsOf(source).map(async (segment) =>
    segment.kind === "prose"
      ? styled(proseHtml(segment.tokens, base))
      : String(await blockPart(segment, material, base)),
  );
  return (await Promise.all(parts)).join("");
}

function blockPart(block: IssueBlock, material: Material, base: string) {
  if (block.kind === "button")
    return isAllowedLink(block.link) ? buttonPart(block.words, absolute(block.link, base)) : paragraphPart(block.words);
  if (block.kind === "picture") {
    const picture = materialPicture(material, block.id);
    if (!picture) return paragraphPart(pictureInWords(block.alt));
    return picturePart({ ...picture, address: base + picture.path, alt: block.alt });
  }
  const guide = guideOf(material, block.slug);
  if (!guide) return paragraphPart(guideSource(block.slug));
  return cardPart({ title: guide.title, words: guide.summary, link: base + guidePath(block.slug) });
}

function styled(html: string): string {
  const { key, rule } = mailColours().day;
  const cell = `class="cell" style="${cellStyle};overflow-wrap:break-word;border-bottom:1px solid ${rule}"`;
  const list = 'style="margin:16px 0;padding-left:24px"';
  const attributes: Record<string, string> = {
    a: `style="color:${key}"`,
    h2: 'style="margin:24px 0 8px;font-size:18px;line-height:1.5"',
    h3: 'style="margin:24px 0 8px;font-size:16px;line-height:1.5"',
    pre: 'style="white-space:pre-wrap"',
    hr: `style="${ruleStyle()}"`,
    // Slanted Japanese letters are hard to read.
    em: 'style="font-style:normal;font-weight:bold"',
    blockquote: `class="quote" style="margin:16px 0;padding-left:16px;border-left:4px solid ${rule}"`,
    ul: list,
    ol: list,
    table: 'style="margin:16px 0;border-collapse:collapse"',
    th: `scope="col" ${cell}`,
    td: cell,
  };
  const tags = new RegExp(`<(${Object.keys(attributes).join("|")})(?=[ />])`, "gu");
  return wholeCells(html)
    .replaceAll(tags, (tag, name: string) => `${tag} ${attributes[name]}`)
    .replaceAll(alignedCell, "$1$3$2")
    .replaceAll(/(?<=<li>[^<]*)(<[uo]l style=")margin:16px 0/gu, "$1margin:0");
}

/** A cell of a column that is not to begin at the left: its style, which says what every cell's does, says so too. */
const alignedCell = /(<t[hd] [^>]*?text-align:)left([^>]*? align="(right|center)")/gu;

/** So wide are cells, in letters of full width, that are kept on one line: with three columns, and with more. */
const keptWhole = { few: 4, many: 2 };

/** Keeps short cells, such as a time, on one line; all of them together fit on a telephone. */
const wholeCells = (html: string): string =>
  html.replaceAll(/<table>[^]*?<\/table>/gu, (table) => {
    const most = table.split(/<th[ >]/u).length - 1 > 3 ? keptWhole.many : keptWhole.few;
    return table.replaceAll(/(<t[hd](?: align="\w+")?>)([^<]+)(?=<)/gu, (cell, tag: string, words: string) => {
      const width =
        words.replaceAll(/[\u0020-\u007e]/gu, "").length + (words.match(/[\u0020-\u007e]/gu) ?? []).length / 2;
      return width > most ? cell : `${tag}<span style="white-space:nowrap">${words}</span>`;
    });
  });
