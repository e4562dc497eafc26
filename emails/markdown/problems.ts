/** What an issue's text holds that a mail cannot show, or not as it was meant: said to whoever writes it, never dropped in silence. */

import { writingWords } from "#db/words/staff/newsletter-writing.ts";
import { fullWidthMarks } from "./full-width-marks.ts";
import { hiddenCharacters } from "./hidden-characters.ts";
import { isAllowedLink } from "./html.ts";
import { guideOf, type Material, materialPicture } from "./material.ts";
import { altOf, type Token } from "./parser.ts";
import { isButtonLabel, issueMarkdown, pictureIdOf, type Segment, segmentsOf } from "./segments.ts";

export interface TextProblem {
  /** "stop": it must not be sent so. "look": somebody should look at it. */
  level: "stop" | "look";
  sentence: string;
  /** Line of the text, from 1. */
  line: number;
}

type Found = Omit<TextProblem, "line">;

const { problems: say } = writingWords;
const stop = (sentence: string): Found => ({ level: "stop", sentence });
const look = (sentence: string): Found => ({ level: "look", sentence });

/** More columns than a telephone has room for. */
const mostColumns = 3;

/** Everything of the kind in a text, in its order. */
export const problemsIn = (source: string, material: Material): TextProblem[] => {
  const found = segmentsOf(source).flatMap((segment) =>
    segment.kind === "prose"
      ? proseProblems(segment.tokens, segment.line)
      : blockProblems(segment, material).map((one) => ({ ...one, line: segment.line })),
  );
  const unseen = hiddenCharacters(source).map(({ kind, before, line }) => ({ ...look(say[kind](before)), line }));
  return [...found, ...unseen].toSorted((a, b) => a.line - b.line);
};

function blockProblems(segment: Exclude<Segment, { kind: "prose" }>, material: Material): Found[] {
  if (segment.kind === "button") return isAllowedLink(segment.link) ? [] : [stop(say.scheme(segment.link))];
  if (segment.kind === "guide") return guideOf(material, segment.slug) ? [] : [stop(say.noGuide(segment.slug))];
  return [
    ...(segment.alt === "" ? [stop(say.noAlt)] : []),
    ...(materialPicture(material, segment.id) ? [] : [stop(say.noPicture)]),
  ];
}

function proseProblems(tokens: Token[], begin: number): TextProblem[] {
  let line = begin;
  const found: TextProblem[] = [];
  for (const [at, token] of tokens.entries()) {
    line = token.map ? token.map[0] + 1 : line;
    const here = token.type === "inline" ? inlineProblems(token) : blockTokenProblems(token, tokens, at);
    found.push(...here.map((one) => ({ ...one, line })));
    // In a heading a 「＃」 is a letter.
    if (token.type === "inline" && tokens[at - 1]?.type !== "heading_open") found.push(...markProblems(token, line));
  }
  return found;
}

const markProblems = ({ content }: Token, line: number): TextProblem[] =>
  content
    .split("\n")
    .flatMap((text, at) =>
      fullWidthMarks(text).map(({ typed, instead }) => ({ ...look(say.fullWidth(typed, instead)), line: line + at })),
    );

function blockTokenProblems(token: Token, tokens: Token[], at: number): Found[] {
  if (token.type !== "thead_open") return [];
  const end = tokens.findIndex(({ type }, place) => place > at && type === "thead_close");
  const columns = tokens.slice(at, end).filter(({ type }) => type === "th_open").length;
  return columns > mostColumns ? [look(say.wideTable(columns, mostColumns))] : [];
}

const tag = /<\/?([a-z][a-z\d]*)(?:\s[^<>]*)?\/?>|<!--/iu;
/** What other products put a name in for: {{name}}, %name%, *|NAME|*. */
const mergeTag = /\{\{[^{}\n]{1,60}\}\}|%%?[A-Za-z_]{2,40}%%?|\*\|[A-Z_:]{2,40}\|\*/u;
/** 「[動画: …]」 alone, or 「::button」. */
const unknownBlock = /^\[([\p{L}]{1,12})[:：][^\]\n]*\]$|^:{2,3}\s*([\p{L}]{1,20})/u;

function inlineProblems({ content, children }: Token): Found[] {
  const tokens = children ?? [];
  const words = tokens.map((token) => (token.type === "text" ? token.content : "\0")).join("");
  const html = tag.exec(words)?.[0];
  const merge = mergeTag.exec(words)?.[0];
  const block = unknownBlock.exec(content.trim());
  return [
    ...(html === undefined ? [] : [look(say.html(html))]),
    ...(merge === undefined ? [] : [look(say.mergeTag(merge))]),
    ...(block === null ? [] : [look(say.unknownBlock(block[1] ?? block[2] ?? ""))]),
    ...tokens.flatMap((token, at) => {
      if (token.type === "image") return pictureProblems(token);
      return token.type === "link_open" ? linkProblems(token, tokens.slice(at + 1), content) : [];
    }),
  ];
}

function pictureProblems(token: Token): Found[] {
  const address = String(token.attrGet("src") ?? "");
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/iu.test(address)) return [stop(say.foreignPicture(address))];
  const hasWords = altOf(issueMarkdown, token) !== "";
  const isOurs = pictureIdOf(address) !== undefined;
  return [
    ...(hasWords ? [] : [stop(say.noAlt)]),
    ...(isOurs ? [] : [stop(say.noPicture)]),
    ...(hasWords && isOurs ? [stop(say.pictureInline)] : []),
  ];
}

function linkProblems(link: Token, behind: Token[], content: string): Found[] {
  const href = String(link.attrGet("href") ?? "");
  const words = behind[0]?.content ?? "";
  return [
    ...(isAllowedLink(href) || /^[#?]/u.test(href) ? [] : [stop(say.scheme(href))]),
    ...(isButtonLabel(words) ? [look(say.buttonInline)] : []),
    ...(link.markup === "linkify" && isCutShort(words, content) ? [look(say.cutAddress(words))] : []),
  ];
}

/** An address that goes on in Japanese where its path does: 「https://example.jp/催し」. */
function isCutShort(address: string, content: string): boolean {
  const at = content.indexOf(address);
  return /[/=_-]$/u.test(address) && /^[\p{L}]/u.test(content.slice(at + address.length));
}

/** Where a text leads, in its order, with the words of each link; relative links are ours. */
export function linksIn(source: string): { words: string; href: string }[] {
  return segmentsOf(source).flatMap((segment) => {
    if (segment.kind === "button") return [{ words: segment.words, href: segment.link }];
    if (segment.kind !== "prose") return [];
    return segment.tokens.flatMap(({ children }) =>
      (children ?? []).flatMap((token, at, all) => {
        if (token.type !== "link_open") return [];
        const end = all.findIndex(({ type }, place) => place > at && type === "link_close");
        const words = issueMarkdown.renderer.renderInlineAsText(all.slice(at + 1, end), issueMarkdown.options, {});
        return [{ words, href: String(token.attrGet("href") ?? "") }];
      }),
    );
  });
}
