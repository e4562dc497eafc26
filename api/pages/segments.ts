/** A page in segments: the text between the places where a visitor's copy differs, a click token in links and a form key. */

import { pooledRandomBytes } from "#db/random/bytes.ts";

export type Segment = string | { link: string } | { key: true };

/** Stands in a rendered page where each visitor's copy gets a form key of its own. */
const keyPlaceholder = "__FORM_KEY__";

/** Splits a page at `href="/…"` of links, at `action="/…"` of forms, and at the placeholder of form keys. */
export function splitSegments(html: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of html.matchAll(
    /(<(?:a|form)\b[^>]*?\s(?:href|action)=")(\/(?!\/)[^"]*)"|(name="key" value=")__FORM_KEY__"/gu,
  )) {
    const [whole, before, link, beforeKey] = match;
    if (link === undefined) segments.push(html.slice(end, match.index) + beforeKey, { key: true }, '"');
    else segments.push(html.slice(end, match.index) + before, { link }, '"');
    end = match.index + whole.length;
  }
  segments.push(html.slice(end));
  return segments;
}

/** Whether a form of this page gets a key of each visitor's own. */
export const hasFormKey = (html: string): boolean => html.includes(`name="key" value="${keyPlaceholder}"`);

/** Adds the click token to an internal link, before any fragment. */
export function appendClickToken(link: string, token: string): string {
  const [path = ""] = link.split("#");
  return `${path}${path.includes("?") ? "&amp;" : "?"}c=${token}${link.slice(path.length)}`;
}

/** An idempotency key for one showing of a form: when it was shown, and 96 random bits. */
export const newFormKey = (now = Date.now()): string =>
  `${now.toString(36)}-${pooledRandomBytes(12).toString("base64url")}`;

/** The page for one visitor. */
export function joinSegments(segments: Segment[], token: string | undefined, key: string): string {
  let html = "";
  for (const segment of segments)
    if (typeof segment === "string") html += segment;
    else if ("key" in segment) html += key;
    else html += token === undefined ? segment.link : appendClickToken(segment.link, token);
  return html;
}
