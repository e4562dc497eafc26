/** Who reads with readings over hard words ("?furigana") reads on with them, also past a form. */

import type { AppContext } from "#api/http/context.ts";

export const wantsFurigana = (c: AppContext): boolean => new URL(c.req.url).searchParams.has("furigana");

/** The same address, asked for with readings. */
export function withFurigana(address: string): string {
  const [path = ""] = address.split("#");
  return `${path}${path.includes("?") ? "&" : "?"}furigana${address.slice(path.length)}`;
}

/** Where a form is answered by sending the person on. */
export async function keepFurigana(c: AppContext, next: () => Promise<void>): Promise<void> {
  await next();
  const to = c.res.headers.get("Location");
  if (c.res.status === 303 && to?.startsWith("/") && wantsFurigana(c)) c.res.headers.set("Location", withFurigana(to));
}
