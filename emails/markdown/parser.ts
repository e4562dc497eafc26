/** The parser of the Markdown that staff write: newsletters, entries of the site, sections of pages. */

import MarkdownIt from "markdown-it";
import cjkFriendly from "markdown-it-cjk-friendly";
import { addressAtStart, findAddresses, type FoundAddress } from "./web-addresses.ts";

export type Parser = ReturnType<typeof createMarkdown>;
export type Token = ReturnType<Parser["parse"]>[number];

/** As linkify-it says it, which markdown-it asks. */
const asMatch = ({ start, end, text, href }: FoundAddress) => ({
  schema: href.startsWith("mailto:") ? "mailto:" : /^https?:/iu.test(text) ? "https:" : "",
  ...{ index: start, lastIndex: end, raw: text, text, url: href },
});

const addresses = {
  test: (text: string) => findAddresses(text).length > 0,
  match(text: string) {
    const found = findAddresses(text).map(asMatch);
    return found.length > 0 ? found : null;
  },
  matchAtStart(text: string) {
    const found = addressAtStart(text);
    return found ? asMatch(found) : null;
  },
};

/**
 * A parser that takes no HTML; every renderer also sanitises what comes out of it. Emphasis holds beside 「」（）。、 as well,
 * where CommonMark sees none; addresses end as in web-addresses.ts; a line that begins with a tab or four spaces, as copied ones
 * do, is a line like any other and no code; a line right above `---` is no heading, since that is a rule wherever it stands. A picture is shown as its words: the renderers
 * that show pictures take them out before (segments.ts).
 */
export function createMarkdown() {
  const parser = new MarkdownIt({ html: false, linkify: true, breaks: true }).use(cjkFriendly);
  parser.disable(["code", "lheading"]);
  Object.assign(parser.linkify, addresses);
  limitTables(parser);
  parser.renderer.rules["image"] = (tokens, at) => parser.utils.escapeHtml(pictureInWords(altOf(parser, tokens[at])));
  return parser;
}

/** Nobody reads a table of more cells. Short rows are filled up, so that some hundred characters would make tens of thousands. */
const mostCells = 2000;

/** What would be a table of more cells than that stays text. */
function limitTables({ block: { ruler } }: InstanceType<typeof MarkdownIt>): void {
  const table = ruler.getRules("").find(({ name }) => name === "table");
  if (!table) throw new Error("markdown-it has no rule for tables");
  ruler.at(
    "table",
    (state, startLine, endLine, isSilent) => {
      const lineAt = (line: number) => state.src.slice(state.bMarks[line], state.eMarks[line]);
      let end = startLine;
      while (end < endLine && !state.isEmpty(end)) end++;
      const columns = lineAt(startLine).split("|").length;
      return columns * (end - startLine) <= mostCells && table(state, startLine, endLine, isSilent);
    },
    { alt: ["paragraph", "reference"] },
  );
}

/** What a picture shows, as it was written; "" where it was not. */
export const altOf = (parser: Parser, token: Token | undefined): string =>
  parser.renderer.renderInlineAsText(token?.children ?? [], parser.options, {}).trim();

/** A picture in words, where none can be shown. */
export const pictureInWords = (alt: string): string => (alt === "" ? "" : `（画像: ${alt}）`);
