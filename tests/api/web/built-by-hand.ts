/** A small site, written by hand in the shape the build leaves, for what the real one does not hold yet. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createApp } from "#api/app.ts";
import { loadSite, type Site } from "#api/pages/site.ts";

interface Written {
  /** Stored pages: path → HTML. The view with readings and the landing page with a headline say so in `<p>`. */
  pages: Record<string, string>;
  /** Path below client/ → content. */
  files?: Record<string, string>;
}

/** What stands in dist/server; pages below /rendered and /staff are rendered for each request. */
const entry = ({ pages }: Written) => `
const pages = new Map(Object.entries(${JSON.stringify(pages)}));
const pathOf = (request) => new URL(request.url).pathname;
const isRendered = (request) => /^\\/(?:rendered|staff)/u.test(pathOf(request));
export const storedPaths = [...pages.keys()];
export const isStoredPage = (request) => pages.has(pathOf(request));
export const hasPage = (request) => isStoredPage(request) || isRendered(request);
export const render = async (request, { headline }) => {
  const html = pages.get(pathOf(request)) ?? (isRendered(request) ? "<p>rendered</p>" : undefined);
  if (html === undefined) return undefined;
  const readings = !isRendered(request) && new URL(request.url).searchParams.has("furigana") ? ", furigana" : "";
  const text = html.replace("</p>", (headline === undefined ? "" : ", " + headline) + readings + "</p>");
  const policy = "default-src 'none'; style-src 'sha256-of-another-page'";
  return new Response(text, { headers: { "content-type": "text/html", "content-security-policy": policy } });
};`;

interface ByHand {
  site: Site;
  /** Asks the whole application. */
  ask: (path: string, headers?: Record<string, string>, method?: string) => Promise<Response>;
}

export async function siteOf(written: Written): Promise<ByHand> {
  const dist = mkdtempSync(join(tmpdir(), "komichi-site-"));
  try {
    const write = (name: string, content: string) => {
      mkdirSync(dirname(join(dist, name)), { recursive: true });
      writeFileSync(join(dist, name), content);
    };
    write("server/entry.mjs", entry(written));
    for (const [name, content] of Object.entries(written.files ?? {})) write(`client/${name}`, content);
    const site = await loadSite(dist);
    const app = createApp(site);
    return { site, ask: async (path, headers = {}, method = "GET") => app.request(path, { method, headers }) };
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
}
