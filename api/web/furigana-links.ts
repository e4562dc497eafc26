/**
 * Readings above difficult words: "?furigana" turns them on, "?plain" turns them off where they are on by themselves, as in easy
 * Japanese. Both are kept in links, also across the redirect after a form.
 */

import type { AppContext } from "#api/http/context.ts";

/** What the address asks for; undefined leaves it to the page. */
export function readingsAsked(c: AppContext): "furigana" | "plain" | undefined {
  const { searchParams } = new URL(c.req.url);
  return (["furigana", "plain"] as const).find((name) => searchParams.has(name));
}

/** The same URL, asking for that in its query. */
export function addressWithReadings(address: string, asked: "furigana" | "plain"): string {
  const [path = ""] = address.split("#");
  return `${path}${path.includes("?") ? "&" : "?"}${asked}${address.slice(path.length)}`;
}

/** Middleware: keeps it in the redirect after a form that was sent from such a page. */
export async function keepFurigana(c: AppContext, next: () => Promise<void>): Promise<void> {
  await next();
  const to = c.res.headers.get("Location");
  const asked = readingsAsked(c);
  if (c.res.status === 303 && to?.startsWith("/") && asked)
    c.res.headers.set("Location", addressWithReadings(to, asked));
}
