/** GET for everything that no room serves: a prerendered page or file, or a page that Astro renders now. */

import { clickIdOf, recordClick } from "#analytics/clicks/record.ts";
import type { AppContext } from "#api/http/context.ts";
import { requestNetwork } from "#api/http/network.ts";
import { keyFor, mayBePage, renderRequest, serveFile, type Site } from "#api/web/pages.ts";

/** Answers with the page of this path, public or staff; a landing from an advertisement is recorded as a click first. */
export async function servePage(c: AppContext, site: Site): Promise<Response> {
  if (!mayBePage(c.req.path)) return c.notFound();
  const isPublic = !c.req.path.startsWith("/staff");
  const tokenOf = async () => (isPublic ? clickTokenOf(c) : undefined);
  const key = keyFor(c, site);
  const file = site.files.get(key);
  if (file) return serveFile(c, site, file.isPage ? await tokenOf() : undefined, 200, key) ?? c.notFound();
  // Redirects only paths made of these characters: a Location such as //host would lead to another host.
  if (/^(?!\/api\/)(?:\/[\w.~-]+)+\/$/u.test(c.req.path))
    return c.redirect(c.req.path.slice(0, -1) + new URL(c.req.url).search, 308);
  return (await renderRequest(c, site, tokenOf)) ?? c.notFound();
}

/** The click token for the links of this page: of the click just recorded, or the valid one that came in `c`. */
async function clickTokenOf(c: AppContext): Promise<string | undefined> {
  const query = new URL(c.req.url).searchParams;
  const carried = query.get("c") ?? undefined;
  if (c.req.method === "GET" && !holdsToken(c.req.path)) {
    const { path } = c.req;
    const fresh = await recordClick(query, { path, userAgent: c.req.header("user-agent"), network: requestNetwork(c) });
    if (fresh !== undefined) return fresh;
  }
  return clickIdOf(carried) === undefined ? undefined : carried;
}

/** Paths with a personal token, which only our own links lead to: never an advertisement's landing, and never stored. */
const holdsToken = (path: string) =>
  /^\/(?:u|newsletter\/(?:confirm|preferences)|consultation\/receipt|guides\/received)\//u.test(path);
