/** The Markdown of issues as safe HTML for pages and the feed; mails have their own looks (mail-html.ts). */

import sanitizeHtml from "sanitize-html";
import { guideOf, type Material, noMaterial, materialPicture } from "./material.ts";
import { pictureInWords, type Token } from "./parser.ts";
import { guideSource, type IssueBlock, issueMarkdown, segmentsOf } from "./segments.ts";

// Two defences against script in HTML: the parser takes no HTML, and its output is sanitised by an allowlist.
const linkSchemes = ["https", "http", "mailto", "tel"];

/** The HTML that may come out of the Markdown that staff write. */
export const allowedHtml: sanitizeHtml.IOptions = {
  allowedTags: [
    ...["h2", "h3", "h4", "p", "br", "strong", "em", "s", "ul", "ol", "li", "blockquote", "hr", "a", "code", "pre"],
    ...["table", "thead", "tbody", "tr", "th", "td"],
  ],
  allowedAttributes: { a: ["href"], ol: ["start"], th: ["align"], td: ["align"] },
  allowedSchemes: linkSchemes,
  allowProtocolRelative: false,
  // The page has one h1 already: the subject.
  transformTags: { h1: "h2", h5: "h4", h6: "h4" },
};

/** Whether a link leads to our site or by a scheme that texts may have; "//host" does neither. */
export const isAllowedLink = (link: string): boolean =>
  /^\/(?!\/)/u.test(link) || linkSchemes.some((scheme) => link.toLowerCase().startsWith(`${scheme}:`));

export const escapeHtml = (text: string): string => issueMarkdown.utils.escapeHtml(text);

/** An address as it stands in a mail or feed, where nothing is relative. `base`: our origin; "" on our own pages. */
export const absolute = (link: string, base: string): string => (/^\/(?!\/)/u.test(link) ? base + link : link);

/** Of a column that is not to begin at the left (`---:`), which the parser says in a style: our pages and many mail programs take none. */
const aligned: sanitizeHtml.Transformer = (tagName, { style = "" }) => {
  const [, align] = /^text-align:(right|center)$/u.exec(style) ?? [];
  const attribs: sanitizeHtml.Attributes = align === undefined ? {} : { align };
  return { tagName, attribs };
};

/** Safe HTML of a run of prose; relative links get `base` before them. */
export const proseHtml = (tokens: Token[], base: string): string =>
  sanitizeHtml(issueMarkdown.renderer.render(tokens, issueMarkdown.options, {}), {
    ...allowedHtml,
    transformTags: {
      ...allowedHtml.transformTags,
      a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, href: absolute(attribs["href"] ?? "", base) } }),
      ...{ th: aligned, td: aligned },
    },
  });

/**
 * The HTML of an issue's text on a page (`base` absent) or in the feed. `material`: what its blocks show. Pictures of other
 * hosts are never loaded: doing so would tell them who reads; their words stand instead.
 */
export const renderMarkdown = (source: string, material: Material = noMaterial, base = ""): string =>
  segmentsOf(source)
    .map((segment) => (segment.kind === "prose" ? proseHtml(segment.tokens, base) : blockHtml(segment, material, base)))
    .join("");

function blockHtml(block: IssueBlock, material: Material, base: string): string {
  if (block.kind === "button")
    return sanitizeHtml(
      `<p><a class="button" href="${escapeHtml(absolute(block.link, base))}">${escapeHtml(block.words)}</a></p>\n`,
      { ...allowedHtml, allowedAttributes: { a: ["href", "class"] } },
    );
  if (block.kind === "picture") {
    const picture = materialPicture(material, block.id);
    if (!picture) return `<p>${escapeHtml(pictureInWords(block.alt))}</p>\n`;
    const { path, width, height } = picture;
    return `<p class="letter-picture"><img src="${escapeHtml(base + path)}" width="${width}" height="${height}" alt="${escapeHtml(block.alt)}" loading="lazy"></p>\n`;
  }
  const guide = guideOf(material, block.slug);
  if (!guide) return `<p>${escapeHtml(guideSource(block.slug))}</p>\n`;
  const link = `<a href="${escapeHtml(base + guidePath(block.slug))}">${escapeHtml(guide.title)}</a>`;
  return `<p class="letter-guide"><strong>${link}</strong>${guide.summary === "" ? "" : `<br>${escapeHtml(guide.summary)}`}</p>\n`;
}

export const guidePath = (slug: string): string => `/guides/${slug}`;
