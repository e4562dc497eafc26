/** Pages as responses of the Hono application: stored ones, those rendered for one request, and those shown instead of another. */

import { readQuery } from "#analytics/clicks/query.ts";
import { clickIdOf } from "#analytics/clicks/token.ts";
import type { AppContext } from "#api/http/context.ts";
import { requestNetwork } from "#api/http/network.ts";
import { variantKey } from "#api/pages/keys.ts";
import { hasFormKey, layOut, personalise } from "#api/pages/personalise.ts";
import type { Site } from "#api/pages/site.ts";
import type { Snapshot } from "#api/pages/snapshot.ts";
import type { Locale } from "#db/terms/locale.ts";
import { languageOfPath } from "#db/words/words.ts";
import { answerWith, compress, encodingFor, keptByBrowser } from "./answers.ts";
import { clickToken, type Visit } from "./click-token.ts";
import { readingsAsked, addressWithReadings } from "./furigana-links.ts";

/**
 * Astro would decode once more and join slashes: what the guards did not see as /staff must not become it. The
 * pages for what is missing or broken have no address.
 */
export const mayBePage = (path: string): boolean => !/\/\/|[%\\ ]|^\/(?:404|500)\/?$/u.test(path);

/** GET for everything that no room serves: a stored page or file, or a page that Astro renders for this request. */
export async function servePage(c: AppContext, site: Site): Promise<Response> {
  const { path } = c.req;
  if (!mayBePage(path)) return c.notFound();
  const isPublic = !path.startsWith("/staff");
  // Behind a personal link nobody came from an advertisement.
  const tokenOf = async () => (isPublic && !path.startsWith("/preview/") ? clickToken(visitOf(c)) : undefined);
  const url = new URL(c.req.url);
  const key = variantKey(path, readQuery(url.search.slice(1)));
  const snapshot = site.files.get(key) ?? (isPublic ? await site.pages.get(key) : undefined);
  if (snapshot) return asResponse(c, snapshot, 200, snapshot.personalisable && (await tokenOf()));
  // Redirects only paths made of these characters: a Location such as //host would lead to another host.
  if (/^(?!\/api\/)(?:\/[\w.~-]+)+\/$/u.test(path)) return c.redirect(path.slice(0, -1) + url.search, 308);
  const request = new Request(c.req.url, { method: "GET", headers: c.req.raw.headers });
  const locals = isPublic ? {} : await staffLocals(c, path);
  const page = await site.render(request, { ...locals, staff: c.get("staff") });
  if (!page) return c.notFound();
  return personalised(c, page, page.status, page.ok ? await tokenOf() : undefined, isPublic);
}

/** The request, as the click token needs it. */
const visitOf = (c: AppContext): Visit => ({
  method: c.req.method,
  path: c.req.path,
  query: readQuery(new URL(c.req.url).search.slice(1)),
  header: (name) => c.req.header(name),
  network: () => requestNetwork(c),
});

function asResponse(c: AppContext, snapshot: Snapshot, status: number, token?: string): Response {
  const { headers, body, ...answer } = answerWith(snapshot, {
    ...{ token, status },
    acceptEncoding: c.req.header("accept-encoding"),
    ifNoneMatch: c.req.header("if-none-match"),
  });
  const pairs = headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1] ?? ""] as [string, string]] : []));
  if (body !== undefined) pairs.push(["Content-Length", String(body.length)]);
  return new Response(body === undefined ? null : new Uint8Array(body), { status: answer.status, headers: pairs });
}

/** Another page, as the answer to this request: a form with its errors, or an explanation. Throws what it threw. */
export async function renderInstead(
  c: AppContext,
  site: Site,
  path: string,
  locals: Partial<App.Locals>,
  status: number,
): Promise<Response> {
  const asked = readingsAsked(c);
  const page = asked ? addressWithReadings(path, asked) : path;
  const request = new Request(new URL(page, c.req.url), { headers: c.req.raw.headers });
  // A page that explains shows what was typed into the forms of the page that was asked for.
  const shown = await staffLocals(c, path === "/staff/problem" ? c.req.path : path);
  const answer = await site.render(request, { ...shown, ...locals, staff: c.get("staff") });
  return answer
    ? personalised(c, answer, status, clickIdOf(c.req.query("c")) && c.req.query("c"))
    : brokenPage(c, site, 500);
}

/** Drafts of a staff page, and whom it asks about our own links; without drafts, while the database is away, the page is still shown. */
const staffLocals = async (c: AppContext, path: string): Promise<Partial<App.Locals>> => ({
  ...(await c
    .get("localsOf")?.(path)
    .catch(() => undefined)),
  ask: c.get("ask"),
});

/**
 * What is said of a page that is missing; undefined when it cannot be rendered either. An advertisement that leads
 * there is recorded, since its address in the account has to be set right.
 */
export async function missingPage(c: AppContext, site: Site): Promise<Response | undefined> {
  const isPublic = !/^\/(?:staff|api)(?:\/|$)/u.test(c.req.path);
  const tokenOf = async () => (isPublic ? clickToken({ ...visitOf(c), isMissing: true }) : undefined);
  const translated = await missingIn(languageOfPath(c.req.path), c, site).catch(() => undefined);
  if (translated) return personalised(c, translated, 404, await tokenOf());
  const key = readingsAsked(c) === "furigana" ? "404?furigana" : "404";
  const snapshot = await site.pages.get(key).catch(() => undefined);
  return snapshot && asResponse(c, snapshot, 404, await tokenOf());
}

/** The same in the language of the address; undefined for Japanese, whose page is stored. */
async function missingIn(language: Locale, c: AppContext, site: Site): Promise<Response | undefined> {
  if (language === "ja") return undefined;
  const asked = readingsAsked(c);
  const page = new URL(asked ? addressWithReadings("/404", asked) : "/404", c.req.url);
  return site.render(new Request(page), { locale: language });
}

/** What is said when nothing else can be rendered any more. */
export async function brokenPage(c: AppContext, site: Site, status: 500 | 503): Promise<Response> {
  const snapshot = await site.pages.get("500").catch(() => undefined);
  return snapshot ? asResponse(c, snapshot, status) : c.text(String(status), status);
}

/**
 * A rendered page with this visitor's token and key in it, never kept by anyone on the way. An empty form
 * that everybody is shown may be kept by the browser, whose Back then brings back what was typed.
 */
async function personalised(
  c: AppContext,
  page: Response,
  status: number,
  token?: string,
  isForEverybody = false,
): Promise<Response> {
  const headers = new Headers(page.headers);
  headers.set("Cache-Control", "no-store");
  if (!headers.get("content-type")?.startsWith("text/html")) return new Response(page.body, { status, headers });
  const html = await page.text();
  if (isForEverybody && hasFormKey(html)) headers.set("Cache-Control", keptByBrowser);
  headers.set("Content-Type", "text/html; charset=utf-8");
  headers.set("Vary", "Accept-Encoding");
  const encoding = encodingFor(c.req.header("accept-encoding"));
  if (encoding !== "plain") headers.set("Content-Encoding", encoding);
  const body = personalise(layOut(html), token, (bytes) => compress(bytes, encoding));
  headers.set("Content-Length", String(body.length));
  return new Response(new Uint8Array(body), { status, headers });
}
