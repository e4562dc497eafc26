/** The way back from a case to the list that led to it, with the list's filters. */

const lists: Record<string, string> = {
  "/staff": "きょうに戻る",
  "/staff/cases": "相談の一覧に戻る",
  "/staff/search": "さがした結果に戻る",
};

/** The list named in this address by `?from=`; undefined unless it is one of ours. */
function listIn(address: URL): { href: string; label: string } | undefined {
  const from = address.searchParams.get("from");
  if (from === null || !from.startsWith("/") || !URL.canParse(from, address)) return undefined;
  const { origin, pathname, search } = new URL(from, address);
  const label = lists[pathname];
  return origin === address.origin && label !== undefined ? { href: pathname + search, label } : undefined;
}

/**
 * The list to go back to. After a form was saved the address has lost it, but the browser still says which address the
 * form was sent from (Referer).
 */
export function listAddress(address: URL, referer: string | null): { href: string; label: string } {
  const before = referer !== null && URL.canParse(referer) ? new URL(referer) : undefined;
  const isSamePage = before?.pathname === address.pathname;
  return (
    listIn(address) ?? (isSamePage && before ? listIn(before) : undefined) ?? { href: "/staff", label: "きょうに戻る" }
  );
}
