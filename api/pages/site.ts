/** The built site: its files in memory, its stored pages, and rendering the others. */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { env } from "#db/env.ts";
import { PageStore, type Rendered } from "./page-store.ts";
import { PageTime } from "./page-time.ts";
import { fileSnapshot, type Snapshot } from "./snapshot.ts";

/** Ids of advertisement groups and names of campaigns → the headline of their landing page. Maps: ids are strangers' words. */
interface Headlines {
  gid: Map<string, string>;
  campaign: Map<string, string>;
}

/** What site/server.ts exports. */
interface Built {
  render: (request: Request, locals: App.Locals) => Promise<Response | undefined>;
  hasPage: (request: Request) => boolean;
  isStored: (request: Request) => boolean;
  storedPaths: readonly string[];
  headlines: () => Promise<Headlines>;
}

export interface Site {
  /** Icons, pictures and stylesheets, by path. */
  files: ReadonlyMap<string, Snapshot>;
  /** By key: see `variantKey`. */
  pages: PageStore;
  headlines: Headlines;
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
  const { hasPage, isStored, storedPaths, headlines, ...entry } = (await import(
    join(dist, "server/entry.mjs")
  )) as Built;
  const render: Site["render"] = (request, locals) =>
    entry.render(request, { ...locals, time: new PageTime(now()), origin: env.PUBLIC_ORIGIN });

  /** Renders without anything of a request: neither its headers nor its query. */
  async function renderStored(key: string): Promise<Rendered | undefined> {
    const { path, headline, query } = partsOf(key);
    const request = new Request(`${env.PUBLIC_ORIGIN}/${path.replace(/^\//u, "")}${query}`);
    if (!isStored(request) || /^\/(?:404|500)/u.test(path)) return undefined;
    const time = new PageTime(now());
    const response = await entry.render(request, { time, origin: env.PUBLIC_ORIGIN, headline });
    const isErrorPage = !path.startsWith("/");
    if (!response || (response.status !== 200 && !isErrorPage)) return undefined;
    const html = await response.text();
    const policy = policyOf(html, response.headers.get("content-security-policy") ?? "");
    const bytes = Buffer.from(withPolicy(html, policy));
    const type = "text/html; charset=utf-8";
    return { bytes, type, policy, trueUntil: time.trueUntil, showUntil: time.showUntil };
  }

  const named = await headlines();
  return {
    files: await readFiles(join(dist, "client")),
    pages: new PageStore(renderStored, now),
    headlines: named,
    keys: [
      ...["404", "500", "404?furigana"],
      ...storedPaths.filter((path) => !/^\/(?:404|500)$/u.test(path)),
      ...[...new Set([...named.gid.values(), ...named.campaign.values()])].map((id) => `/?headline=${id}`),
    ],
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

/**
 * The key of the page that a URL means: its path, with "?furigana" for readings over hard words, and with the
 * headline of the advertisement group that led to the landing page. Nothing else of a query changes a page.
 */
export function variantKey({ gid, campaign }: Headlines, path: string, query: URLSearchParams): string {
  const page = path.replace(/(?<=.)\/$/u, "");
  const headline =
    page === "/" ? (gid.get(query.get("gid") ?? "") ?? campaign.get(query.get("utm_campaign") ?? "")) : undefined;
  const hasFurigana = query.has("furigana") && !/^\/en(?:\/|$)/u.test(page);
  const variant = [hasFurigana && "furigana", headline !== undefined && `headline=${headline}`]
    .filter(Boolean)
    .join("&");
  return variant === "" ? page : `${page}?${variant}`;
}

/** The parts of a key. What is said of a page that is missing or broken has a key without a slash: no address leads there. */
function partsOf(key: string) {
  const [path = "", variant = ""] = key.split("?");
  const query = new URLSearchParams(variant);
  return { path, headline: query.get("headline") ?? undefined, query: query.has("furigana") ? "?furigana" : "" };
}

/** Renders all stored pages one after the other, as their links lead to them. What fails is left for the first who asks. */
export async function warmUp(site: Site): Promise<void> {
  const keys = new Set(site.keys);
  for (const key of keys) {
    const snapshot = await site.pages.get(key).catch(() => undefined);
    for (const link of snapshot?.personalisable?.links ?? []) keys.add(keyOfLink(site, link));
  }
}

function keyOfLink({ headlines }: Site, link: string): string {
  const { pathname, searchParams } = new URL(link, env.PUBLIC_ORIGIN);
  return variantKey(headlines, pathname, searchParams);
}

/** The page or file of this key in memory, as it reads now. */
export const peek = (site: Site, key: string): Snapshot | undefined => site.files.get(key) ?? site.pages.peek(key);
