/** The way back from a case to the list that led to it, with the list's filters. */

import { caseLists, listBehind, withList } from "#api/case-access/back-to-list.ts";

/** The list to go back to, and its label. */
export function listAddress(address: URL, referer: string | null): { href: string; label: string } {
  const href = listBehind(address, referer) ?? "/staff";
  return { href, label: caseLists[href.replace(/\?.*$/su, "")] ?? "" };
}

/**
 * The HTML of a case's page, its links to other pages of the same case with the list in them: in one place, so that no
 * link forgets it. HTML of other pages comes back as it is.
 */
export function withListInLinks(html: string, address: URL, referer: string | null): string {
  const page = /^\/staff\/cases\/[\da-f-]{36}/u.exec(address.pathname)?.[0];
  const list = listBehind(address, referer);
  if (page === undefined || list === undefined) return html;
  return html.replaceAll(
    new RegExp(`href="(${page}(?:[/#][^"?]*)?)"`, "gu"),
    (_, path: string) => `href="${withList(path, list)}"`,
  );
}
