/** Every public page there is, found as readers and search engines find them: by following links. */

import { elements } from "../site/html.ts";

/** A page as it was answered. */
export interface Page {
  /** Name for reports: the path, or what leads to it. */
  name: string;
  path: string;
  /** What has to be posted to see it. */
  fields?: Fields;
  status: number;
  type: string;
  cookies: string[];
  html: string;
}

export type Fields = Record<string, string | string[]>;

/** The form as a browser sends it. */
export function encoded(fields: Fields): string {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
  return body.toString();
}

/** Asks as a browser does, without following a redirect. */
export function ask(origin: string, path: string, fields?: Fields): Promise<Response> {
  const accept = "text/html,application/xhtml+xml";
  if (!fields) return fetch(origin + path, { headers: { accept }, redirect: "manual" });
  const headers = { accept, origin, "content-type": "application/x-www-form-urlencoded" };
  return fetch(origin + path, { method: "POST", headers, body: encoded(fields), redirect: "manual" });
}

/** One page by GET, or the one that a form leads to. */
export async function pageAt(origin: string, path: string, fields?: Fields, name = path): Promise<Page> {
  const first = await ask(origin, path, fields);
  const location = first.headers.get("location") ?? "";
  const answer = location.includes("/kept/") ? await ask(origin, location) : first;
  return {
    name,
    path,
    ...(fields && { fields }),
    status: answer.status,
    type: answer.headers.get("content-type") ?? "",
    cookies: answer.headers.getSetCookie(),
    html: await answer.text(),
  };
}

export const isHtml = ({ type }: Page) => type.startsWith("text/html");

const entities = (text: string) => text.replaceAll("&amp;", "&").replaceAll("&#38;", "&");

/** Where the links, forms and pictures of a page lead, without those to other programs. */
export function linksOf({ html, path }: Page, origin: string): URL[] {
  const tags = elements(html, "a", "link", "img", "form", "button");
  const targets = tags.flatMap((tag) => [tag["href"], tag["src"], tag["action"], tag["formaction"]]);
  return targets
    .filter((target) => target !== undefined && !/^(?:tel|mailto):/u.test(target))
    .map((target) => new URL(entities(target ?? ""), origin + path));
}

/** What a person or a robot may follow: no forms, nothing of the staff's. */
function followed(page: Page, origin: string): string[] {
  const withoutForms = { ...page, html: page.html.replaceAll(/<(?:form|button)\b[^>]*>/gu, "") };
  return linksOf(withoutForms, origin)
    .filter((link) => link.origin === origin && !/^\/staff(?:\/|$)/u.test(link.pathname))
    .map(({ pathname, search }) => pathname + search);
}

/** All that can be reached from these paths, by path. */
export async function crawl(origin: string, from: string[]): Promise<Map<string, Page>> {
  const found = new Map<string, Page>();
  const waiting = [...from];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (found.has(path)) continue;
    const page = await pageAt(origin, path);
    found.set(path, page);
    if (isHtml(page)) waiting.push(...followed(page, origin));
    if (path === "/sitemap.xml") waiting.push(...locationsIn(page, origin));
  }
  return found;
}

const locationsIn = ({ html }: Page, origin: string) =>
  [...html.matchAll(/<loc>([^<]+)<\/loc>/gu)].map(([, url = ""]) => entities(url).replace(origin, ""));

/** Where search engines, readers of each language and advertisements come in. */
export async function entrances(origin: string): Promise<string[]> {
  const map = await ask(origin, "/sitemap.xml");
  const landings = ["learning", "professionals", "siblings"].map((campaign) => `/?utm_campaign=${campaign}`);
  return ["/", "/easy", "/en", ...(map.ok ? ["/sitemap.xml"] : []), ...landings];
}
