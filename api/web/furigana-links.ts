/** Keeps "?furigana" (readings above difficult words) in links, also across the redirect after a form. */

import type { AppContext } from "#api/http/context.ts";

export const wantsFurigana = (c: AppContext): boolean => new URL(c.req.url).searchParams.has("furigana");

/** The same URL with `furigana` in its query. */
export function withFurigana(address: string): string {
  const [path = ""] = address.split("#");
  return `${path}${path.includes("?") ? "&" : "?"}furigana${address.slice(path.length)}`;
}

/** Middleware: adds `furigana` to the redirect after a form that was sent from a page with readings. */
export async function keepFurigana(c: AppContext, next: () => Promise<void>): Promise<void> {
  await next();
  const to = c.res.headers.get("Location");
  if (c.res.status === 303 && to?.startsWith("/") && wantsFurigana(c)) c.res.headers.set("Location", withFurigana(to));
}
