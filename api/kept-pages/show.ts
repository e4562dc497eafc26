/** Shows a kept page once more. */

import type { AppContext } from "#api/http/context.ts";
import { type KeptPage, keptPage, segment } from "./keep.ts";

/** The address of the form, and the token. */
const address = new RegExp(`^(?<at>/.+)${segment}(?<token>[\\w-]{43})$`, "u");

/**
 * The answer to a request for a kept page; undefined when the path is no such page's. One that is gone leads to the
 * empty form, which says so. `beside` adds what the page shows beyond what was kept, and is undefined where that is gone.
 */
export async function showKept(
  c: AppContext,
  beside: (kept: KeptPage) => Promise<Partial<App.Locals> | undefined> = () => Promise.resolve({}),
): Promise<Response | undefined> {
  const { at, token } = address.exec(c.req.path)?.groups ?? {};
  if (at === undefined || token === undefined) return undefined;
  const kept = await keptPage(at, token);
  const more = kept && (await beside(kept));
  if (kept === undefined || more === undefined) return c.redirect(`${at}?lost`, 303);
  c.set("locale", kept.locals.locale);
  return c.get("show")(kept.page, { ...kept.locals, ...more, address: c.req.path }, kept.status);
}
