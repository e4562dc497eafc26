/**
 * The built site. Prerendered pages are kept in memory, compressed once, and served without touching
 * the database; where a page has to differ per visitor (a click token in its links, a fresh key in
 * its form) its pieces are joined anew. Other pages are rendered by Astro.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clickIdOf } from "#analytics/clicks/record.ts";
import type { AppContext } from "#api/http/context.ts";
import { env } from "#db/env.ts";
import { compress, encodingFor, headersOf, keptByBrowser, kindOf, ownBody, sameBody } from "./answers.ts";
import { type Stored, store } from "./faces.ts";
import { wantsFurigana, withFurigana } from "./furigana-links.ts";
import { sayNextOpening } from "./marks.ts";
import { hasKey, join as joinPieces, newFormKey, split } from "./pieces.ts";
import { type Landings, keyAt, keyOf, readLandings } from "./variants.ts";

type Render = (request: Request, locals: App.Locals) => Promise<Response | undefined>;

export interface Site {
  /** By key: see `keyOf` of api/web/variants.ts. */
  files: Map<string, Stored>;
  landings: Landings;
  render: Render;
  /** Whether a page that is rendered on request answers to this address. */
  hasPage: (request: Request) => boolean;
  /** The clock that decides how pages read. */
  now: () => Date;
  /** Resolves when every page is as small as it will get. */
  settled: Promise<unknown>;
}

const built = fileURLToPath(new URL("../../dist", import.meta.url));

/** Reads dist/ once. Throws when the site has not been built, or holds a page that cannot be served. */
export async function loadSite(dist = built, now: Site["now"] = () => new Date()): Promise<Site> {
  if (!existsSync(join(dist, "headers.json"))) throw new Error("The site is not built: start with npm start.");
  const policies = JSON.parse(readFileSync(join(dist, "headers.json"), "utf8")) as Record<string, string>;
  const client = join(dist, "client");
  const files = new Map<string, Stored>();
  for (const entry of readdirSync(client, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    if (file === join(client, "landing/variants.json")) continue;
    const key = keyOf(file.slice(client.length + 1));
    files.set(key, store(file, policies[pathOf(key)], now()));
  }
  const landings = readLandings(client, files);
  const { render, hasPage } = (await import(join(dist, "server/entry.mjs"))) as Pick<Site, "render" | "hasPage">;
  const settled = Promise.all([...files.values()].map((file) => file.faceAt(now()).settled));
  return { files, landings, render, hasPage, now, settled };
}

/** The path the build knew a page by. */
const pathOf = (key: string) => key.replace(/^(?!\/)/u, "/").replace(/\?furigana$/u, "");

/** The key of the file that this request means, whether or not there is one. */
export const keyFor = (c: AppContext, site: Site): string => keyAt(site, c.req.path, new URL(c.req.url).searchParams);

/** Astro would decode once more and join slashes: what the guards did not see as /staff must not become it. */
export const mayBePage = (path: string): boolean => !/\/\/|%/u.test(path);

/** The prerendered file under this key, for this visitor; undefined if there is none. */
export function serveFile(
  c: AppContext,
  site: Site,
  token?: string,
  status: 200 | 404 | 500 | 503 = 200,
  key = keyFor(c, site),
): Response | undefined {
  const file = site.files.get(key);
  if (!file) return undefined;
  const face = file.faceAt(site.now());
  const encoding = encodingFor(c.req.header("accept-encoding"));
  const kind = kindOf(file, face, { token, known: c.req.header("if-none-match"), status });
  const headers = headersOf(file, face, kind, encoding, status);
  if (kind === "known") return c.body(null, 304, headers);
  const body = kind === "own" ? ownBody(face, encoding, token) : sameBody(face, encoding);
  return c.body(bytesOf(body, headers), status, headers);
}

/** The body as Hono takes it; says in `headers` how long it is. */
function bytesOf(body: Buffer | string, headers: Record<string, string>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(typeof body === "string" ? Buffer.from(body, "latin1") : body);
  headers["Content-Length"] = String(bytes.length);
  return bytes;
}

/**
 * A page rendered by Astro for the current request; undefined if no page answers to it. The token is
 * asked for only when there is a page to carry it.
 */
export async function renderRequest(
  c: AppContext,
  site: Site,
  tokenOf: () => Promise<string | undefined>,
): Promise<Response | undefined> {
  const request = new Request(c.req.url, { method: "GET", headers: c.req.raw.headers });
  const response = await site.render(request, { staff: c.get("staff"), served: servedAt(site.now()) });
  if (!response) return undefined;
  const isForEverybody = !c.req.path.startsWith("/staff");
  return personal(c, response, response.status, response.ok ? await tokenOf() : undefined, isForEverybody);
}

/** Another page, as the answer to this request: a form with its errors, or an explanation. Throws what it threw. */
export async function renderInstead(
  c: AppContext,
  site: Site,
  path: string,
  locals: App.Locals,
  status: number,
): Promise<Response> {
  const page = wantsFurigana(c) ? withFurigana(path) : path;
  const request = new Request(new URL(page, c.req.url), { headers: c.req.raw.headers });
  const answer = await site.render(request, { ...locals, staff: c.get("staff"), served: servedAt(site.now()) });
  return answer ? personal(c, answer, status, c.req.query("c")) : brokenPage(c, site);
}

/** What is said when nothing can be rendered any more. */
export const brokenPage = (c: AppContext, site: Site, status: 500 | 503 = 500): Response =>
  serveFile(c, site, undefined, status, "500") ?? c.text(String(status), status);

function servedAt(now: Date): NonNullable<App.Locals["served"]> {
  return { origin: env.PUBLIC_ORIGIN, opensOn: sayNextOpening(now) };
}

/**
 * A rendered page with this visitor's token and key in it, never kept by anyone on the way. An empty form
 * that everybody is shown may be kept by the browser, whose Back then brings back what was typed.
 */
async function personal(
  c: AppContext,
  page: Response,
  status: number,
  token?: string,
  isForEverybody = false,
): Promise<Response> {
  const headers = new Headers(page.headers);
  headers.set("Cache-Control", "no-store");
  if (!headers.get("content-type")?.startsWith("text/html")) return new Response(page.body, { status, headers });
  const pieces = split(await page.text());
  if (isForEverybody && hasKey(pieces)) headers.set("Cache-Control", keptByBrowser);
  const text = joinPieces(pieces, clickIdOf(token) && token, newFormKey());
  headers.set("Content-Type", "text/html; charset=utf-8");
  headers.set("Vary", "Accept-Encoding");
  const encoding = encodingFor(c.req.header("accept-encoding"));
  const told: Record<string, string> = encoding === undefined ? {} : { "Content-Encoding": encoding };
  const body = bytesOf(compress(Buffer.from(text), encoding), told);
  for (const [name, value] of Object.entries(told)) headers.set(name, value);
  return new Response(body, { status, headers });
}
