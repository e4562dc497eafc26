/** Newsletter text: Markdown in, safe HTML out, the same for mail, preview and archive. */

import MarkdownIt from "markdown-it";
import sanitizeHtml from "sanitize-html";

// No HTML in the source, and a list of what may come out: two locks on the same door.
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });
const allowed: sanitizeHtml.IOptions = {
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
  // The subject is the page's one h1.
  transformTags: { h1: "h2" },
};

/** HTML of a newsletter's body. Images are left out: opening a mail must tell nobody anything. */
export const renderMarkdown = (source: string) => sanitizeHtml(markdown.render(source), allowed);
