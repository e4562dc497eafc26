/** A small site, written by hand in the shape the build leaves, for what the real one does not hold yet. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createApp } from "#api/app.ts";
import { loadSite, type Site } from "#api/web/pages.ts";

/** What stands in dist/server when every rendered page is one sentence. */
const renders = (html: string) => `export const hasPage = (request) =>
  /^\\/(?:rendered|staff)/u.test(new URL(request.url).pathname);
export const render = async (request) =>
  hasPage(request)
    ? new Response(${JSON.stringify(html)}, { headers: { "content-type": "text/html" } })
    : undefined;`;

interface ByHand {
  site: Site;
  /** Asks the whole application. */
  ask: (path: string, headers?: Record<string, string>, method?: string) => Promise<Response>;
  /** Moves the clock; every page is read at that moment from then on. */
  setClock: (instant: string) => void;
}

/** Loads a site of these files (path under client/ → content) and pages rendered as `rendered`. */
export async function siteOf(files: Record<string, string>, rendered = "<p>rendered</p>"): Promise<ByHand> {
  const dist = mkdtempSync(join(tmpdir(), "komichi-site-"));
  try {
    const write = (name: string, content: string) => {
      mkdirSync(dirname(join(dist, name)), { recursive: true });
      writeFileSync(join(dist, name), content);
    };
    write("headers.json", JSON.stringify({ "/": "default-src 'none'", "/landing/school": "default-src 'self'" }));
    write("server/entry.mjs", renders(rendered));
    for (const [name, content] of Object.entries(files)) write(`client/${name}`, content);
    let now = new Date("2026-11-20T12:00+09:00");
    const site = await loadSite(dist, () => now);
    await site.settled;
    const app = createApp(site);
    return {
      site,
      ask: async (path, headers = {}, method = "GET") => app.request(path, { method, headers }),
      setClock: (instant) => {
        now = new Date(instant);
      },
    };
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
}
