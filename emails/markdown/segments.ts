/**
 * An issue of the newsletter as its parts: prose, and the blocks that stand on a line of their own. The mail, the page, the
 * feed, the text part and the checks are all made from these, so that none of them shows something else.
 */

import { altOf, createMarkdown, type Token } from "./parser.ts";

export const issueMarkdown = createMarkdown();

/** Headings lie below the subject and go down a step at a time: whoever goes by them would look for the one left out. */
issueMarkdown.core.ruler.push("heading_levels", ({ tokens }) => {
  let last = 1;
  for (const token of tokens) {
    if (token.type === "heading_open") last = Math.min(Math.max(2, Number(token.tag.slice(1))), last + 1);
    if (token.type === "heading_open" || token.type === "heading_close") token.tag = `h${last}`;
  }
});

export type IssueBlock =
  | { kind: "button"; words: string; link: string }
  | { kind: "picture"; alt: string; id: string }
  | { kind: "guide"; slug: string };

export type Segment = ({ kind: "prose"; tokens: Token[] } | IssueBlock) & {
  /** Line of the source on which it begins, from 1. */
  line: number;
};

const buttonLabel = /^ボタン[:：]\s*/u;

/** 「ボタン: 」 at the beginning of a link's words. */
export const isButtonLabel = (words: string): boolean => buttonLabel.test(words);

const guideSlug = "[a-z\\d][a-z\\d-]*";

/** Whether it can name a guide. */
export const isGuideSlug = (slug: string): boolean => new RegExp(`^${guideSlug}$`, "u").test(slug);

/** A guide in the source of an issue, and in the place of one that is not there. */
export const guideSource = (slug: string): string => `[資料: ${slug}]`;

/** The same alone on its line, as somebody typed it. */
const guideLine = new RegExp(`^\\[資料[:：]\\s*(${guideSlug})\\s*\\]$`, "u");

const pictureId = "[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}";

/** Our own picture, with or without the name of a file; addresses of other places are none. */
const ownPicture = new RegExp(`^/pictures/(${pictureId})(?:/[\\w.-]*)?$`, "u");

/** The id of our own picture at this address; undefined for an address that is none. */
export const pictureIdOf = (address: string): string | undefined => ownPicture.exec(address)?.[1];

/** The address of a picture in the source of an issue. */
export const pictureAddress = (id: string): string => `/pictures/${id}`;

/** The ids of our own pictures that a text shows. */
export const picturesIn = (source: string): string[] => [
  ...new Set(segmentsOf(source).flatMap((segment) => (segment.kind === "picture" ? [segment.id] : []))),
];

/** Every id that stands anywhere in a text and may be a picture's, also where it is half written and shows nothing. */
export const picturesNamedIn = (text: string): string[] => text.match(new RegExp(pictureId, "gu")) ?? [];

/** The slugs of the guides that a text shows. */
export const guidesIn = (source: string): string[] => [
  ...new Set(segmentsOf(source).flatMap((segment) => (segment.kind === "guide" ? [segment.slug] : []))),
];

/** The block that a paragraph is; undefined for prose. */
function blockOf(inline: Token): IssueBlock | undefined {
  const children = inline.children ?? [];
  const [first] = children;
  if (first?.type === "image" && children.length === 1) {
    const id = pictureIdOf(String(first.attrGet("src") ?? ""));
    return id === undefined ? undefined : { kind: "picture", alt: altOf(issueMarkdown, first), id };
  }
  const slug = guideLine.exec(inline.content.trim())?.[1];
  if (slug !== undefined) return { kind: "guide", slug };
  if (first?.type !== "link_open" || children.findIndex(({ type }) => type === "link_close") !== children.length - 1)
    return undefined;
  const label = issueMarkdown.renderer.renderInlineAsText(children, issueMarkdown.options, {});
  const words = label.replace(buttonLabel, "").trim();
  return words === "" || !isButtonLabel(label)
    ? undefined
    : { kind: "button", words, link: String(first.attrGet("href") ?? "") };
}

/** The parts of a text, in order. */
export function segmentsOf(source: string): Segment[] {
  const tokens = issueMarkdown.parse(source, {});
  const segments: Segment[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    const line = (token.map?.[0] ?? 0) + 1;
    const inline = token.type === "paragraph_open" && token.level === 0 ? tokens[at + 1] : undefined;
    const block = inline && blockOf(inline);
    if (block) {
      segments.push({ ...block, line });
      at += 2;
      continue;
    }
    const last = segments.at(-1);
    if (last?.kind === "prose") last.tokens.push(token);
    else segments.push({ kind: "prose", tokens: [token], line });
  }
  return segments;
}
