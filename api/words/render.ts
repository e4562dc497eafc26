/**
 * The text of a section as safe HTML. Placeholders are parsed as part of the Markdown and become escaped text: what the
 * settings hold is never read as Markdown or HTML, and nothing is replaced in rendered text.
 */

import sanitizeHtml from "sanitize-html";
import { settings } from "#db/settings/settings.ts";
import type { Locale } from "#db/terms/locale.ts";
import { fillPlain, placeholderPattern, placeholderValue } from "#db/words/placeholders.ts";
import type { SectionKind } from "#db/words/sections/section.ts";
import { allowedHtml } from "#emails/markdown/html.ts";
import { createMarkdown } from "#emails/markdown/parser.ts";

/** What stands between two blocks of a section; the pages' own markup has a space there, or nothing. */
export type Gap = "" | " ";

type Environment = { locale: Locale };
type Parser = ReturnType<typeof createMarkdown>;

const escaped: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/gu, (sign) => escaped[sign] ?? sign);

const markdown = createMarkdown();
markdown.use(readPlaceholders).use(describeLinks);

function readPlaceholders(parser: Parser): void {
  const atStart = new RegExp(placeholderPattern.source, "uy");
  parser.inline.ruler.before("link", "placeholder", (state, silent) => {
    atStart.lastIndex = state.pos;
    const [whole = "", name = ""] = atStart.exec(state.src) ?? [];
    if (whole === "") return false;
    if (!silent) {
      const value = placeholderValue(name, settings(), (state.env as Environment).locale);
      state.push("placeholder", "", 0).content = value ?? whole;
    }
    state.pos += whole.length;
    return true;
  });
  // A token of its own: what looks like an address in a name does not become a link.
  parser.renderer.rules["placeholder"] = (tokens, at) => escapeHtml(tokens[at]?.content ?? "");
}

/** A link to an English page in English words is in English; a link to another site hands over no referrer. */
function describeLinks(parser: Parser): void {
  parser.renderer.rules["link_open"] = (tokens, at, options, env, self) => {
    const link = tokens[at];
    const href = String(link?.attrGet("href") ?? "");
    const isLatin = /^[\p{ASCII}]+$/u.test(tokens[at + 1]?.content ?? "");
    if (isLatin && /^\/en(?:\/|$)/u.test(href) && (env as Environment).locale !== "en") {
      link?.attrSet("lang", "en");
      link?.attrSet("hreflang", "en");
    }
    if (/^https?:/iu.test(href)) link?.attrSet("rel", "noopener noreferrer");
    return self.renderToken(tokens, at, options);
  };
}

const allowed: sanitizeHtml.IOptions = {
  ...allowedHtml,
  allowedTags: [...(allowedHtml.allowedTags || []), "dl", "dt", "dd"],
  allowedAttributes: { a: ["href", "lang", "hreflang", "rel"], ol: ["start"], dl: ["class"] },
  // The page has its h1, and each section stands below an h2.
  transformTags: { h1: "h3", h2: "h3" },
  // Quotes as Astro writes them, so that a text is the same bytes wherever it comes from.
  textFilter: (text) => text.replaceAll(/["']/gu, (sign) => escaped[sign] ?? sign),
};

/** Terms, and for each the lines that begin with ": " as what is said of it. */
export function factsIn(source: string): { term: string; text: string }[] {
  const facts: { term: string; text: string }[] = [];
  let term = "";
  for (const line of source.split("\n").map((one) => one.trim())) {
    const [, text] = /^[:：]\s*(.*)$/u.exec(line) ?? [];
    const last = facts.at(-1);
    if (text === undefined) term += term !== "" && line !== "" ? `\n${line}` : line;
    else if (term === "" && last) last.text += `\n${text}`;
    else {
      facts.push({ term, text });
      term = "";
    }
  }
  return term === "" ? facts : [...facts, { term, text: "" }];
}

/** Where the links of a text lead, as they were written or encoded. */
export const hrefsIn = (source: string): string[] =>
  markdown
    .parse(source, { locale: "ja" })
    .flatMap(({ children }) => children ?? [])
    .filter(({ type }) => type === "link_open")
    .map((link) => String(link.attrGet("href") ?? ""));

/** Safe HTML of a text with placeholders, to stand inside the element that the page has for it. */
export function renderSection(
  source: string,
  { kind, locale, gap = "" }: { kind: SectionKind; locale: Locale; gap?: Gap },
) {
  const env: Environment = { locale };
  const text = source.trim().replaceAll(/\r\n?/gu, "\n");
  if (kind === "line") return escapeHtml(fillPlain(text, settings(), locale));
  if (kind === "text") return sanitizeHtml(markdown.renderInline(text, env), allowed);
  if (kind === "blocks") return withGap(sanitizeHtml(markdown.render(text, env), allowed).trim(), gap);
  const parts = factsIn(text).flatMap(({ term, text: said }) => [
    `<dt>${markdown.renderInline(term, env)}</dt>`,
    `<dd>${markdown.renderInline(said, env)}</dd>`,
  ]);
  return sanitizeHtml(['<dl class="facts">', ...parts, "</dl>"].join(gap), allowed);
}

const withGap = (html: string, gap: Gap) => html.replaceAll(/>\n(?=<)/gu, `>${gap}`);
