/** A page taken apart where it differs per visitor: a click token in its links, a fresh key in its form. */

import { pooledRandomBytes } from "#db/random/bytes.ts";

export type Piece = string | { link: string } | { key: true };

/**
 * Splits a page at `href="/…"` of links, at `action="/…"` of forms, and at the mark that forms carry
 * where each visitor gets a key of their own.
 */
export function split(html: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of html.matchAll(
    /(<(?:a|form)\b[^>]*?\s(?:href|action)=")(\/(?!\/)[^"]*)"|(name="key" value=")__FORM_KEY__"/gu,
  )) {
    const [whole, before, link, mark] = found;
    if (link === undefined) pieces.push(html.slice(end, found.index) + mark, { key: true }, '"');
    else pieces.push(html.slice(end, found.index) + before, { link }, '"');
    end = found.index + whole.length;
  }
  pieces.push(html.slice(end));
  return pieces;
}

/** Whether a form of this page wants a key of each visitor's own. */
export const hasKey = (pieces: Piece[]): boolean => pieces.some((piece) => typeof piece === "object" && "key" in piece);

/** Adds the click token to an internal link, before any fragment. */
export function carry(link: string, token: string): string {
  const [path = ""] = link.split("#");
  return `${path}${path.includes("?") ? "&amp;" : "?"}c=${token}${link.slice(path.length)}`;
}

/** A key for one showing of a form: when it was shown, and 96 random bits. */
export const newFormKey = (now = Date.now()): string =>
  `${now.toString(36)}-${pooledRandomBytes(12).toString("base64url")}`;

/** The page for one visitor. */
export function join(pieces: Piece[], token: string | undefined, key: string): string {
  return pieces
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if ("key" in piece) return key;
      return token === undefined ? piece.link : carry(piece.link, token);
    })
    .join("");
}
