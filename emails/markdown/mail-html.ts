/** The text of an issue as the HTML of a mail: the looks of our mails in its tags, since some programs drop the style of the head. */

import { mailColours } from "#emails/frame/colours.ts";
import { buttonPart, cardPart, cellStyle, paragraphPart, picturePart, ruleStyle } from "#emails/frame/parts.ts";
import { absolute, guidePath, guideWords, proseHtml } from "./html.ts";
import { guideOf, type Material, pictureOf } from "./material.ts";
import { pictureWords } from "./parser.ts";
import { type Block, segmentsOf } from "./segments.ts";

/** Safe HTML; its links and pictures lead to `base`, our origin. */
export async function issueMailHtml(source: string, material: Material, base: string): Promise<string> {
  const parts = segmentsOf(source).map(async (segment) =>
    segment.kind === "prose"
      ? styled(proseHtml(segment.tokens, base))
      : String(await blockPart(segment, material, base)),
  );
  return (await Promise.all(parts)).join("");
}

function blockPart(block: Block, material: Material, base: string) {
  if (block.kind === "button") return buttonPart(block.words, absolute(block.link, base));
  if (block.kind === "picture") {
    const picture = pictureOf(material, block.id);
    if (!picture) return paragraphPart(pictureWords(block.alt));
    return picturePart({ ...picture, address: base + picture.path, alt: block.alt });
  }
  const guide = guideOf(material, block.slug);
  if (!guide) return paragraphPart(guideWords(block.slug));
  return cardPart({ title: guide.title, words: guide.summary, link: base + guidePath(block.slug) });
}

function styled(html: string): string {
  const attributes: Record<string, string> = {
    a: `style="color:${mailColours().day.key}"`,
    h2: 'style="margin:24px 0 8px;font-size:18px;line-height:1.5"',
    h3: 'style="margin:24px 0 8px;font-size:16px;line-height:1.5"',
    pre: 'style="white-space:pre-wrap"',
    hr: `style="${ruleStyle()}"`,
    th: `scope="col" style="${cellStyle}"`,
    td: `style="${cellStyle}"`,
  };
  const tags = new RegExp(`<(${Object.keys(attributes).join("|")})(?=[ />])`, "gu");
  return html.replaceAll(tags, (tag, name: string) => `${tag} ${attributes[name]}`);
}
