/** The way back from a case to the list that led to it: `?from=` in the addresses of the case's pages. */

import type { AppContext } from "#api/http/context.ts";

/** The lists that a case may lead back to, by path; `from` names nothing else, so that it leads to no other site. */
export const caseLists: Readonly<Record<string, string>> = {
  "/staff": "きょうに戻る",
  "/staff/cases": "相談の一覧に戻る",
  "/staff/search": "さがした結果に戻る",
};

/** Longest address of a list that is carried along, in characters. */
const longest = 500;

/** The list that `from` names in this address, as path and query; undefined unless it is one of ours. */
export function listIn(address: URL): string | undefined {
  const from = address.searchParams.get("from");
  if (from === null || from.length > longest || !from.startsWith("/") || !URL.canParse(from, address)) return undefined;
  const { origin, pathname, search } = new URL(from, address);
  return origin === address.origin && Object.hasOwn(caseLists, pathname) ? pathname + search : undefined;
}

/** The case to whose pages this path belongs: "/staff/cases/<id>", or undefined. */
const caseOf = (path: string) => /^\/staff\/cases\/[\w-]+/u.exec(path)?.[0];

/**
 * The list that the pages of the case at this address lead back to: named by the address itself, or by the page of
 * the same case that the browser came from (Referer).
 */
export function listBehind(address: URL, referer: string | null | undefined): string | undefined {
  const before = URL.parse(referer ?? "");
  const of = caseOf(address.pathname);
  const isSameCase = before !== null && of !== undefined && caseOf(before.pathname) === of;
  return listIn(address) ?? (isSameCase ? listIn(before) : undefined);
}

/** A path within the staff area, with the list in its query; its fragment stays at the end. */
export function withList(path: string, list: string): string {
  const [, before = "", fragment = ""] = /^([^#]*)(.*)$/su.exec(path) ?? [];
  if (/[?&]from=/u.test(before)) return path;
  return `${before}${before.includes("?") ? "&" : "?"}from=${encodeURIComponent(list)}${fragment}`;
}

/**
 * Middleware: a form on a page of a case, stored or refused, whose answer leads to a page of the same case takes the
 * list along. Otherwise the second post would lose it: then neither the address nor the Referer names it any more.
 */
export async function carryList(c: AppContext, next: () => Promise<void>): Promise<void> {
  await next();
  const location = c.res.headers.get("location");
  if (c.req.method !== "POST" || location === null || caseOf(location) === undefined) return;
  const list = listBehind(new URL(location, c.req.url), c.req.header("referer"));
  if (list !== undefined) c.res.headers.set("location", withList(location, list));
}
