/** Where a Japanese heading may break: between phrases, for browsers that do not know them (`word-break: auto-phrase`). */

import { loadDefaultJapaneseParser } from "budoux";

const parser = loadDefaultJapaneseParser();

/** Headings, and what is set like one: elements with the class "phrases" that hold no element of their own kind. */
const headings = /<(?<name>h[1-3]|(?:span|strong|b)(?=[^>]*\sclass="[^"]*\bphrases\b))\b[^>]*>.*?<\/\k<name>>/gsu;
/** Letters that fit in one line of the narrowest phone: a shorter heading needs no break. */
const oneLine = 12;
const isShort = (heading: string) =>
  !heading.includes("phrases") && heading.replaceAll(/<[^>]*>/gu, "").length <= oneLine;
/** A tag, or a character reference, or text. */
const token = /<[^>]*>|&[#\w]+;|[^<&]+/gu;

/** The page with `<wbr>` between the phrases of its headings. In furigana views the readings say where words end. */
export const withPhrases = (html: string): string =>
  html.includes('<html lang="ja"') && html.includes('<body class="public')
    ? html.replaceAll(headings, (heading) =>
        isShort(heading)
          ? heading
          : heading.replaceAll(token, (part) => (/^[<&]/u.test(part) ? part : parser.parse(part).join("<wbr>"))),
      )
    : html;
