/** Markdown that staff write as safe HTML: newsletters, the same for the mail, the preview and the archive; api/words/render.ts makes sections of pages of it. */

import MarkdownIt from "markdown-it";
import cjkFriendly from "markdown-it-cjk-friendly";
import sanitizeHtml from "sanitize-html";

// Two defences against script in HTML: the parser takes no HTML, and its output is sanitised by an allowlist.
/** A parser of the Markdown that staff write; emphasis holds beside 「」（）。、 as well, where CommonMark sees none. */
export const createMarkdown = () => new MarkdownIt({ html: false, linkify: true, breaks: true }).use(cjkFriendly);
const markdown = createMarkdown();
/** The HTML that may come out of it. */
export const allowedHtml: sanitizeHtml.IOptions = {
  allowedTags: [
    "h2",
    "h3",
    "h4",
    "p",
    "br",
    "strong",
    "em",
    "s",
    "ul",
    "ol",
    "li",
    "blockquote",
    "hr",
    "a",
    "code",
    "pre",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
  ],
  allowedAttributes: { a: ["href"], ol: ["start"] },
  allowedSchemes: ["https", "http", "mailto", "tel"],
  allowProtocolRelative: false,
  // The page has one h1 already: the subject.
  transformTags: { h1: "h2" },
};

/** The HTML of a newsletter's body. Images are removed: loading one would tell its server who opened the mail (a tracking pixel). */
export const renderMarkdown = (source: string) => sanitizeHtml(markdown.render(source), allowedHtml);
