/**
 * A visitor's own copy of a page: a click token in its links and form actions, an idempotency key in its form.
 * Tokens and keys have one length, so that a page is laid out once, with blanks at known places, and a copy is
 * these bytes with the blanks filled in.
 */

import { pooledRandomBytes } from "#db/random/bytes.ts";

interface Layout {
  bytes: Buffer;
  /** Offsets of the blanks. */
  tokens: number[];
  keys: number[];
}

/** A page laid out for visitors with a click token, and for those without. */
export interface Personalisable {
  withToken: Layout;
  withoutToken: Layout;
  /** Each copy gets a form key of its own. */
  hasFormKey: boolean;
  /** The internal links, as they stand in the page. */
  links: string[];
}

/** Characters of a click token (db/vault/tokens.ts: an id and an HMAC of 16 bytes each, in base64url). */
const tokenLength = 43;
/** Stands in a rendered page where each visitor's copy gets a form key. */
const keyPlaceholder = "__FORM_KEY__";
/** `href="/…"` of links, `action="/…"` of forms, and the placeholder of form keys. */
const places = /(<(?:a|form)\b[^>]*?\s(?:href|action)=")(\/(?!\/)[^"]*)(?=")|(name="key" value=")__FORM_KEY__(?=")/gu;

/** Adds the click token to an internal link, before any fragment. */
export function appendClickToken(link: string, token: string): string {
  const [path = ""] = link.split("#");
  return `${path}${path.includes("?") ? "&amp;" : "?"}c=${token}${link.slice(path.length)}`;
}

/** An idempotency key for one showing of a form: when it was shown, and 96 random bits. */
export const newFormKey = (now = Date.now()): string =>
  `${now.toString(36)}-${pooledRandomBytes(12).toString("base64url")}`;

const blankKey = "\0".repeat(newFormKey().length);

/** Whether a form of this page gets a key of each visitor's own. */
export const hasFormKey = (html: string): boolean => html.includes(`name="key" value="${keyPlaceholder}"`);

/** Lays a page out. */
export const layOut = (html: string): Personalisable => ({
  withToken: layOutFor(html, "\0".repeat(tokenLength)),
  withoutToken: layOutFor(html, ""),
  hasFormKey: hasFormKey(html),
  links: [...html.matchAll(places)].flatMap(([, , link]) => (link === undefined ? [] : [link])),
});

function layOutFor(html: string, blankToken: string): Layout {
  const tokens: number[] = [];
  const keys: number[] = [];
  const texts: Buffer[] = [];
  let length = 0;
  const write = (text: string) => {
    const bytes = Buffer.from(text);
    texts.push(bytes);
    length += bytes.length;
  };
  let end = 0;
  for (const match of html.matchAll(places)) {
    const [whole, before = "", link, beforeKey = ""] = match;
    write(html.slice(end, match.index) + before + beforeKey);
    end = match.index + whole.length;
    const text = link === undefined ? blankKey : blankToken === "" ? link : appendClickToken(link, blankToken);
    const blank = Buffer.from(text).indexOf("\0");
    if (blank >= 0) (link === undefined ? keys : tokens).push(length + blank);
    write(text);
  }
  write(html.slice(end));
  return { bytes: Buffer.concat(texts), tokens, keys };
}

/**
 * The page for one visitor, encoded. A token is one that was made here; a key is made for this copy. The blanks are
 * filled in the layout itself, all of them each time, since a copy of every page for every visitor would be most of
 * what the process allocates; `encode` must make bytes of its own before it returns.
 */
export function personalise(
  page: Personalisable,
  token: string | undefined,
  encode: (bytes: Buffer) => Buffer,
): Buffer {
  const { bytes, tokens, keys } = token === undefined ? page.withoutToken : page.withToken;
  for (const at of tokens) bytes.write(token ?? "", at, "latin1");
  const key = keys.length === 0 ? "" : newFormKey();
  for (const at of keys) bytes.write(key, at, "latin1");
  return encode(bytes);
}
