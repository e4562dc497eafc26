/** The built site: its files in memory, its stored pages, and rendering the others. */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { env } from "#db/env.ts";
import { NotFound } from "#db/errors.ts";
import { errorPages, headlineKeys, isErrorPage, partsOf, variantKey } from "./keys.ts";
import { PageStore, type Rendered } from "./page-store.ts";
import { PageTime } from "./page-time.ts";
import { fileSnapshot, type Snapshot } from "./snapshot.ts";

/** What site/server.ts exports. */
interface Built {
  render: (request: Request, locals: App.Locals) => Promise<Response | undefined>;
  hasPage: (request: Request) => boolean;
  isStoredPage: (request: Request) => boolean;
  storedPaths: readonly string[];
}

export interface Site {
  /** Icons, pictures and stylesheets, by path; the organisation's own replace some of the built ones (api/brand). */
  files: Map<string, Snapshot>;
  /** By key: see `variantKey`. */
  pages: PageStore;
  /** The keys of pages that need no database to be known. */
  keys: readonly string[];
  /** Renders a page for one request; undefined when none answers to it. Throws what the page threw. */
  render: (request: Request, locals: Partial<App.Locals>) => Promise<Response | undefined>;
  /** Whether a page answers to this address. */
  hasPage: (request: Request) => boolean;
}

const built = fileURLToPath(new URL("../../dist", import.meta.url));

const types: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ico": "image/x-icon",
  ".png": "image/png",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};

/** Reads dist/ once. Throws when the site has not been built. `now` decides how pages read. */
export async function loadSite(dist = built, now = () => new Date()): Promise<Site> {
  if (!existsSync(join(dist, "server/entry.mjs"))) throw new Error("The site is not built: start with npm start.");
  const { hasPage, isStoredPage, storedPaths, ...entry } = (await import(join(dist, "server/entry.mjs"))) as Built;
  const render: Site["render"] = (request, locals) =>
    entry.render(request, { ...locals, time: new PageTime(now()), origin: env.PUBLIC_ORIGIN });

  /** Renders without anything of a request: neither its headers nor its query. */
  async function renderStored(key: string): Promise<Rendered | undefined> {
    const { path, readings, headline, topic, isLost } = partsOf(key);
    const request = new Request(`${env.PUBLIC_ORIGIN}${path}${readings ? `?${readings}` : ""}`);
    // A path spelt otherwise ("/a/../about", "/about%20") would be the same page again under a key of its own.
    const isExact = new URL(request.url).pathname === path;
    if (!isExact || !isStoredPage(request) || (/^\/(?:404|500)$/u.test(path) && !isErrorPage(key))) return undefined;
    const trueFrom = now().getTime();
    const time = new PageTime(new Date(trueFrom));
    const response = await entry
      .render(request, { time, origin: env.PUBLIC_ORIGIN, headline, topic, isLost })
      .catch((error: unknown) => {
        if (!(error instanceof NotFound)) throw error;
        return undefined;
      });
    if (!response || (response.status !== 200 && !isErrorPage(key))) return undefined;
    const html = await response.text();
    const policy = policyOf(html, response.headers.get("content-security-policy") ?? "");
    const { trueUntil, showUntil } = time;
    const type = "text/html; charset=utf-8";
    return { bytes: Buffer.from(withPolicy(html, policy)), type, policy, trueFrom, trueUntil, showUntil };
  }

  return {
    files: await readFiles(join(dist, "client")),
    pages: new PageStore(renderStored, now),
    keys: [...errorPages, ...storedPaths.filter((path) => !/^\/(?:404|500)$/u.test(path))],
    render,
    hasPage,
  };
}

async function readFiles(client: string): Promise<Map<string, Snapshot>> {
  const entries = existsSync(client) ? await readdir(client, { recursive: true, withFileTypes: true }) : [];
  const read = async (file: string): Promise<[string, Snapshot]> => {
    const type = types[extname(file)] ?? "application/octet-stream";
    const path = file.slice(client.length).replaceAll("\\", "/");
    return [path, await fileSnapshot(await readFile(file), type, path.startsWith("/_astro/"))];
  };
  return new Map(
    await Promise.all(
      entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => read(join(parentPath, name))),
    ),
  );
}

/** The page's policy without the hashes of other pages' styles and scripts, which Astro lists on every page. */
function policyOf(html: string, policy: string): string {
  const texts = [...html.matchAll(/<(style|script)\b[^>]*>(.*?)<\/\1>/gsu)].map(([, , text = ""]) => text);
  const used = new Set(texts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`));
  return policy.replaceAll(/ ('sha256-[^']+')/gu, (source, hash: string) => (used.has(hash) ? source : ""));
}

/** The policy inside the page as well: a web server that sends the stored file knows no other. */
const withPolicy = (html: string, policy: string) =>
  html.replace('<meta charset="utf-8">', `$&<meta http-equiv="content-security-policy" content="${policy}">`);

/** Renders all stored pages one after the other, as their links lead to them. What fails is left for the first who asks. */
export async function warmUp(site: Site): Promise<void> {
  const keys = new Set([...site.keys, ...headlineKeys()]);
  for (const key of keys) {
    const snapshot = await site.pages.get(key).catch(() => undefined);
    for (const link of snapshot?.personalisable?.links ?? []) keys.add(keyOfLink(link));
  }
}

function keyOfLink(link: string): string {
  const { pathname, searchParams } = new URL(link, env.PUBLIC_ORIGIN);
  return variantKey(pathname, searchParams);
}

/** The page or file of this key in memory, as it reads now. */
export const peek = (site: Site, key: string): Snapshot | undefined => site.files.get(key) ?? site.pages.peek(key);
