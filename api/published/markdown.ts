/** The Markdown of entries as safe HTML: the same as in newsletters, below the headings of a page. */

import sanitizeHtml from "sanitize-html";
import { allowedHtml } from "#emails/markdown/html.ts";
import { createMarkdown } from "#emails/markdown/parser.ts";

const markdown = createMarkdown();

// An entry stands below an h3 of its page. A link to another site hands over no referrer.
const allowed: sanitizeHtml.IOptions = {
  ...allowedHtml,
  allowedAttributes: { a: ["href", "rel"], ol: ["start"] },
  transformTags: {
    ...{ h1: "h4", h2: "h4", h3: "h4" },
    a: (tagName, attribs) => ({
      tagName,
      attribs: { ...attribs, ...(/^https?:/iu.test(attribs["href"] ?? "") && { rel: "noopener noreferrer nofollow" }) },
    }),
  },
};

/** Safe HTML: no script, no style, no picture, no address but http, https, mailto and tel. */
export const contentHtml = (source: string): string => sanitizeHtml(markdown.render(source), allowed);
