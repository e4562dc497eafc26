/** The text part of an issue, made from the same tokens as its HTML: no sign of Markdown is left in it. */

import { trimBlanks } from "#db/formats/blanks.ts";
import { absolute, guidePath } from "./html.ts";
import { guideOf, type Material } from "./material.ts";
import { altOf, pictureInWords, type Token } from "./parser.ts";
import { guideSource, type IssueBlock, issueMarkdown, segmentsOf } from "./segments.ts";

/** A rule of the text part. */
export const textRule = "――――――";

/** The text of an issue; blocks and paragraphs are set apart by an empty line. `base`: our origin, before relative links. */
export const issueText = (source: string, material: Material, base: string): string =>
  segmentsOf(source)
    .map((segment) => (segment.kind === "prose" ? proseText(segment.tokens, base) : blockText(segment, material, base)))
    .filter((text) => text.trim() !== "")
    .join("\n\n");

function blockText(block: IssueBlock, material: Material, base: string): string {
  if (block.kind === "button") return `${block.words}\n${absolute(block.link, base)}`;
  if (block.kind === "picture") return pictureInWords(block.alt);
  const guide = guideOf(material, block.slug);
  if (!guide) return guideSource(block.slug);
  return [guide.title, guide.summary, base + guidePath(block.slug)].filter(Boolean).join("\n");
}

/** The tokens between an opening one and the one that closes it; `at` is the place of the opening one. */
function inside(tokens: Token[], at: number): Token[] {
  const level = tokens[at]?.level ?? 0;
  const end = tokens.findIndex((token, place) => place > at && token.nesting === -1 && token.level === level);
  return tokens.slice(at + 1, end);
}

/** Before each line of a quotation, also before the empty ones between its paragraphs. */
const bar = "｜";

/** What stands before the lines of an item, and before its further lines. */
const indented = (text: string, first: string, further = "　") =>
  text
    .split("\n")
    .map((line, at) => (line === "" && further !== bar ? "" : (at === 0 ? first : further) + line))
    .join("\n");

function proseText(tokens: Token[], base: string): string {
  const blocks: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.nesting !== 1) {
      if (token.type === "hr") blocks.push(textRule);
      else if (token.type === "fence") blocks.push(token.content.trimEnd());
      else if (token.type === "inline") blocks.push(inlineText(token.children ?? [], base));
      continue;
    }
    const within = inside(tokens, at);
    at += within.length + 1;
    blocks.push(containerText(token, within, base));
  }
  return blocks.filter((block) => block.trim() !== "").join("\n\n");
}

function containerText(token: Token, within: Token[], base: string): string {
  const { type } = token;
  if (type === "heading_open") return `■ ${proseText(within, base)}`;
  if (type === "bullet_list_open") return itemsText(within, base, () => "・");
  if (type === "ordered_list_open") {
    const first = Number(token.attrGet("start") ?? 1);
    return itemsText(within, base, (index) => `${first + index}. `);
  }
  if (type === "blockquote_open") return indented(proseText(within, base), bar, bar);
  if (type === "table_open") return tableText(within, base);
  return proseText(within, base);
}

/** Each item with its mark; the lines of one are kept together. */
function itemsText(tokens: Token[], base: string, markOf: (index: number) => string): string {
  const items: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]?.type !== "list_item_open") continue;
    const within = inside(tokens, at);
    at += within.length + 1;
    items.push(indented(proseText(within, base).replaceAll("\n\n", "\n"), markOf(items.length)));
  }
  return items.join("\n");
}

/** A line for each row. */
function tableText(tokens: Token[], base: string): string {
  const rows: string[][] = [];
  for (const { type, children } of tokens) {
    if (type === "tr_open") rows.push([]);
    if (type === "inline")
      rows.at(-1)?.push(
        inlineText(children ?? [], base)
          .replaceAll("\n", " ")
          .trim(),
      );
  }
  // An empty cell at the end of a row says nothing.
  const filled = rows.map((cells) => cells.slice(0, cells.findLastIndex((cell) => cell !== "") + 1));
  return filled.map((cells) => cells.join(" ／ ")).join("\n");
}

/**
 * Words of one paragraph. A web address that stands in the sentence gets a line of its own, or mail programs would take the
 * Japanese behind it for a part; the address behind a link's words follows the paragraph.
 */
function inlineText(tokens: Token[], base: string): string {
  let text = "";
  const links: { words: string; href: string }[] = [];
  let open: { href: string; isAddress: boolean; from: number } | undefined;
  for (const token of tokens) {
    if (token.type === "link_open")
      open = {
        href: absolute(String(token.attrGet("href") ?? ""), base),
        isAddress: token.markup === "linkify" || token.markup === "autolink",
        from: text.length,
      };
    else if (token.type === "link_close" && open) {
      const words = text.slice(open.from);
      if (open.isAddress) text = text.slice(0, open.from) + alone(words, open.href);
      else links.push({ words, href: open.href });
      open = undefined;
    } else text += wordsOf(token);
  }
  const lines = trimBlanks(
    text
      .replaceAll(/ *\n */gu, "\n")
      .replaceAll(/ {2,}/gu, " ")
      .replaceAll(/\n{2,}/gu, "\n"),
  );
  const followed = links
    .filter(({ words, href }) => words !== href)
    .map(({ words, href }) => linkLines(words, href, links.length));
  return [lines, ...followed].join("\n");
}

/** An address in a sentence: a web address on its own line, a mail address between spaces. */
const alone = (words: string, href: string) => (href.startsWith("mailto:") ? ` ${words} ` : `\n${words}\n`);

/** One link of a paragraph needs no name; several are named. */
const linkLines = (words: string, href: string, count: number) => (count === 1 ? href : `${words}:\n${href}`);

function wordsOf(token: Token): string {
  if (token.type === "softbreak" || token.type === "hardbreak") return "\n";
  if (token.type === "image") return pictureInWords(altOf(issueMarkdown, token));
  if (token.type === "s_open") return "［取り消し: ";
  if (token.type === "s_close") return "］";
  return token.content;
}
