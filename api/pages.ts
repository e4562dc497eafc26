/**
 * The built site. Prerendered pages are kept in memory, compressed once, and served without touching
 * the database; where a page has to differ per visitor (a click token in its links, a fresh key in
 * its form) its pieces are joined anew. Other pages are rendered by Astro.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { clickIdOf } from "#analytics/clicks.ts";
import { randomOctets } from "#db/random.ts";
import type { HouseContext } from "./context.ts";

type Render = (request: Request, locals: App.Locals) => Promise<Response | undefined>;
type Piece = string | { link: string } | { key: true };

interface Stored {
  type: string;
  policy: string | undefined;
  cache: string;
  etag: string;
  plain: Buffer;
  br: Buffer;
  gzip: Buffer;
  /** Only pages: the text around internal links and form keys. */
  pieces: Piece[];
  hasKey: boolean;
}

export interface Site {
  files: Map<string, Stored>;
  render: Render;
}

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ico": "image/x-icon",
  ".png": "image/png",
  ".webp": "image/webp",
  ".js": "text/javascript; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml; charset=utf-8",
};

/** Reads dist/ once. Throws when the site has not been built. */
export async function loadSite(): Promise<Site> {
  if (!existsSync(join(dist, "headers.json"))) throw new Error("The site is not built: start with npm start.");
  const policies = JSON.parse(readFileSync(join(dist, "headers.json"), "utf8")) as Record<string, string>;
  const client = join(dist, "client");
  const files = new Map<string, Stored>();
  for (const entry of readdirSync(client, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${file.slice(client.length + 1)}`.replace(/(?:\/index)?\.html$/u, "") || "/";
    files.set(path, store(file, policies[path]));
  }
  const { render } = (await import(join(dist, "server/entry.mjs"))) as { render: Render };
  return { files, render };
}

function store(file: string, policy: string | undefined): Stored {
  const plain = readFileSync(file);
  const isPage = file.endsWith(".html");
  const pieces = isPage ? split(plain.toString("utf8")) : [];
  return {
    type: types[extname(file)] ?? "application/octet-stream",
    policy,
    cache: file.includes("/_astro/") ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate",
    // Weak: the same page compressed differently is the same page (RFC 9110, 8.8.3).
    etag: `W/"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`,
    plain,
    br: brotliCompressSync(plain),
    gzip: gzipSync(plain, { level: 9 }),
    pieces,
    hasKey: pieces.some((piece) => typeof piece === "object" && "key" in piece),
  };
}

/**
 * Splits a page at `href="/…"` of links, at `action="/…"` of forms, and at the mark that forms carry
 * where each visitor gets a key of their own.
 */
function split(html: string): Piece[] {
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

/** Adds the click token to an internal link, before any fragment. */
export function carry(link: string, token: string): string {
  const [path = ""] = link.split("#");
  return `${path}${path.includes("?") ? "&amp;" : "?"}c=${token}${link.slice(path.length)}`;
}

/** A key for one showing of a form: when it was shown, and 96 random bits. */
const newFormKey = (now = Date.now()) => `${now.toString(36)}-${randomOctets(12).toString("base64url")}`;

function joined(pieces: Piece[], token: string | undefined): string {
  const key = newFormKey();
  return pieces
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if ("key" in piece) return key;
      return token === undefined ? piece.link : carry(piece.link, token);
    })
    .join("");
}

/** The prerendered file at this path, for this visitor; undefined if there is none. */
export function serveFile(
  c: HouseContext,
  site: Site,
  token?: string,
  status: 200 | 404 | 500 | 503 = 200,
  path = c.req.path,
): Response | undefined {
  const file = site.files.get(path);
  if (!file) return undefined;
  const headers: Record<string, string> = { "Content-Type": file.type, Vary: "Accept-Encoding" };
  if (file.policy !== undefined) headers["Content-Security-Policy"] = file.policy;
  if (isPage(file) && (token !== undefined || file.hasKey)) {
    // A browser may keep a form for its back button: the same key makes the same words one request.
    headers["Cache-Control"] = file.hasKey && status === 200 ? "private, no-cache" : "no-store";
    return c.body(compress(c, joined(file.pieces, token), headers), status, headers);
  }
  headers["Cache-Control"] = status === 200 ? file.cache : "no-store";
  headers["ETag"] = file.etag;
  if (status === 200 && isKnown(c.req.header("if-none-match"), file.etag)) return c.body(null, 304, headers);
  const encoding = encodingFor(c);
  if (encoding !== undefined) headers["Content-Encoding"] = encoding;
  const body = encoding === undefined ? file.plain : file[encoding];
  headers["Content-Length"] = String(body.length);
  return c.body(new Uint8Array(body), status, headers);
}

/** Whether a path is a prerendered page, and not a picture or a stylesheet. */
export const isPage = (file: Stored | undefined): boolean => file !== undefined && file.pieces.length > 0;

/** If-None-Match compares weakly and may name several (RFC 9110, 13.1.2). */
export function isKnown(said: string | undefined, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//u, "");
  return said?.trim() === "*" || (said ?? "").split(",").map(bare).includes(bare(etag));
}

/** The best of our encodings that the asker takes. */
function encodingFor(c: HouseContext): "br" | "gzip" | undefined {
  const taken = (c.req.header("accept-encoding") ?? "")
    .toLowerCase()
    .split(",")
    .filter((part) => !/;\s*q=0(?:\.0*)?\s*$/u.test(part))
    .map((part) => part.split(";")[0]?.trim());
  return (["br", "gzip"] as const).find((encoding) => taken.includes(encoding));
}

/** The text as the asker takes it; says in `headers` how, and how long it is. */
function compress(c: HouseContext, text: string, headers: Record<string, string>): Uint8Array<ArrayBuffer> {
  const encoding = encodingFor(c);
  const plain = Buffer.from(text);
  const body =
    encoding === "br"
      ? brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
      : encoding === "gzip"
        ? gzipSync(plain)
        : plain;
  if (encoding !== undefined) headers["Content-Encoding"] = encoding;
  headers["Content-Length"] = String(body.length);
  return new Uint8Array(body);
}

/**
 * A page rendered by Astro for the current request; undefined if no page answers to it. The token is
 * asked for only when there is a page to carry it.
 */
export async function renderRequest(
  c: HouseContext,
  site: Site,
  tokenOf: () => Promise<string | undefined>,
): Promise<Response | undefined> {
  const request = new Request(c.req.url, { method: "GET", headers: c.req.raw.headers });
  const response = await site.render(request, { staff: c.get("staff") });
  if (!response) return undefined;
  return personal(c, response, response.status, response.ok ? await tokenOf() : undefined);
}

/** Another page, as the answer to this request: a form with its errors, or an explanation. Throws what it threw. */
export async function renderInstead(
  c: HouseContext,
  site: Site,
  path: string,
  locals: App.Locals,
  status: number,
): Promise<Response> {
  const request = new Request(new URL(path, c.req.url), { headers: c.req.raw.headers });
  const page = await site.render(request, { ...locals, staff: c.get("staff") });
  return page ? personal(c, page, status, c.req.query("c")) : brokenPage(c, site);
}

/** What is said when nothing can be rendered any more. */
export const brokenPage = (c: HouseContext, site: Site, status: 500 | 503 = 500): Response =>
  serveFile(c, site, undefined, status, "/500") ?? c.text(String(status), status);

/** A rendered page with this visitor's token and key in it, never kept by anyone on the way. */
async function personal(c: HouseContext, page: Response, status: number, token?: string): Promise<Response> {
  const headers = new Headers(page.headers);
  headers.set("Cache-Control", "no-store");
  if (!headers.get("content-type")?.startsWith("text/html")) return new Response(page.body, { status, headers });
  const text = joined(split(await page.text()), clickIdOf(token) && token);
  headers.set("Content-Type", "text/html; charset=utf-8");
  headers.set("Vary", "Accept-Encoding");
  const told: Record<string, string> = {};
  const body = compress(c, text, told);
  for (const [name, value] of Object.entries(told)) headers.set(name, value);
  return new Response(body, { status, headers });
}
