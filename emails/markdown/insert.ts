/** Putting a block into the text of an issue: how each is written, and the places where one may stand. */

import { trimBlanks } from "#db/formats/blanks.ts";
import { isAllowedLink } from "./html.ts";
import { issueMarkdown, pictureAddress } from "./segments.ts";

/** Without what would end the words of a link or picture. */
const inBrackets = (words: string) =>
  words
    .replaceAll(/[\\[\]]/gu, "\\$&")
    .replaceAll(/\s+/gu, " ")
    .trim();

/** Whether a button may lead there: a link that texts may have, in one piece. */
export const isButtonLink = (link: string): boolean => isAllowedLink(link) && !/[\s<>]/u.test(link);

export const buttonSource = (words: string, link: string): string => `[ボタン: ${inBrackets(words)}](<${link}>)`;
export const pictureSource = (alt: string, id: string): string => `![${inBrackets(alt)}](${pictureAddress(id)})`;
export const dividerSource = "---";

export interface InsertPlace {
  /** Lines of the text that stand before it. */
  line: number;
  /** The first words of what stands before it; "" at the beginning. */
  after: string;
}

/** A line without the signs of Markdown: the words of a heading, of an item or of what stands in brackets. */
const wordsOf = (line: string) =>
  line
    .trim()
    .replace(/^(?:#{1,6}|[-*+]|\d+\.|>)\s+/u, "")
    .replaceAll(/!\[([^\]]*)\]\([^)]*\)/gu, "画像: $1")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, "$1")
    .replaceAll("**", "")
    .replace(/^(?:-{3,}|\*{3,}|_{3,})$/u, "区切り線");

/** Letters by which a paragraph is recognised. */
const letters = 24;

/** The places between the paragraphs, lists and blocks of a text, from its beginning to its end. */
export function placesIn(source: string): InsertPlace[] {
  const lines = source.split("\n");
  const ends = issueMarkdown
    .parse(source, {})
    .filter(({ level, map }) => level === 0 && map !== null)
    .map(({ map }) => ({ begin: map?.[0] ?? 0, line: map?.[1] ?? 0 }));
  return [
    { line: 0, after: "" },
    ...ends.map(({ begin, line }) => {
      const words = [...wordsOf(lines[begin] ?? "")];
      return { line, after: words.length > letters ? `${words.slice(0, letters).join("")}…` : words.join("") };
    }),
  ];
}

/** The text with a block behind so many lines, with empty lines around it; at the end where there are not so many. */
export function withBlock(source: string, block: string, line: number): string {
  const lines = source.trimEnd() === "" ? [] : source.split("\n");
  const [before, behind] = [lines.slice(0, line).join("\n").trimEnd(), trimBlanks(lines.slice(line).join("\n"))];
  return `${[before, block, behind].filter((part) => part !== "").join("\n\n")}\n`;
}
