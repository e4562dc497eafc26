/** A page in segments: the text between the places where a visitor's copy differs, a click token in links and a form key. */

import { pooledRandomBytes } from "#db/random/bytes.ts";

/** Text as it is sent, or a place: an internal link, or where a form key stands. */
export type Segment = Buffer | { link: string } | { key: true };

/** Stands in a rendered page where each visitor's copy gets a form key of its own. */
const keyPlaceholder = "__FORM_KEY__";

/** Splits a page at `href="/…"` of links, at `action="/…"` of forms, and at the placeholder of form keys. */
export function splitSegments(html: string): Segment[] {
  const segments: Segment[] = [];
  const addText = (text: string) => segments.push(Buffer.from(text));
  let end = 0;
  for (const match of html.matchAll(
    /(<(?:a|form)\b[^>]*?\s(?:href|action)=")(\/(?!\/)[^"]*)"|(name="key" value=")__FORM_KEY__"/gu,
  )) {
    const [whole, before, link, beforeKey] = match;
    addText(html.slice(end, match.index) + (before ?? beforeKey));
    segments.push(link === undefined ? { key: true } : { link });
    // The quotation mark behind the place begins the next text.
    end = match.index + whole.length - 1;
  }
  addText(html.slice(end));
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

/** The page for one visitor: encoded once, so that only the places are encoded for each. */
export const joinSegments = (segments: Segment[], token: string | undefined, key: string): Buffer =>
  Buffer.concat(
    segments.map((segment) => {
      if (Buffer.isBuffer(segment)) return segment;
      if ("key" in segment) return Buffer.from(key);
      return Buffer.from(token === undefined ? segment.link : appendClickToken(segment.link, token));
    }),
  );
