/** Methods of a path: 405 with Allow, and the response to OPTIONS (RFC 9110, 15.5.6 and 9.3.7). */

import type { Hono } from "hono";
import { TrieRouter } from "hono/router/trie-router";
import type { AppEnv, AppContext } from "#api/http/context.ts";
import type { Site } from "#api/pages/site.ts";
import { answerProblem } from "./answer-problem.ts";
import { mayBePage } from "./serve-page.ts";

/** Answers requests that no route and no page matched: 404, or 405 with the methods that the path allows. */
export function notFoundOrNotAllowed(site: Site, routes: () => Hono<AppEnv>["routes"]) {
  let router: TrieRouter<string> | undefined;
  return (c: AppContext): Response | Promise<Response> => {
    router ??= methodRouter(routes());
    const methods = methodsOf(c, site, router);
    const { method } = c.req;
    if (methods.length > 0 && method === "OPTIONS") return c.body(null, 204, { Allow: methods.join(", ") });
    if (methods.length === 0 || methods.includes(method))
      return answerProblem(c, site, { status: 404, title: "ページが見つかりません", detail: "" });
    return refuse(c, site, methods);
  };
}

async function refuse(c: AppContext, site: Site, methods: string[]): Promise<Response> {
  const detail = "前の画面に戻るか、サイトのページから開き直してください。";
  const answer = await answerProblem(c, site, { status: 405, title: "この開き方はできません", detail });
  answer.headers.set("Allow", methods.join(", "));
  return answer;
}

/** A router that maps a path to the methods of its routes. */
function methodRouter(routes: Hono<AppEnv>["routes"]): TrieRouter<string> {
  const router = new TrieRouter<string>();
  const isRoute = ({ method, path }: { method: string; path: string }) => method !== "ALL" && !/^\/?\*$/u.test(path);
  for (const { method, path } of routes.filter(isRoute)) router.add("ALL", path, method);
  return router;
}

function methodsOf(c: AppContext, site: Site, router: TrieRouter<string>): string[] {
  // Refused before the staff guard, so nothing may be revealed about the routes behind it.
  if (!isAddress(c.req.path) || !mayBePage(c.req.path)) return [];
  const methods = new Set(router.match("ALL", c.req.path)[0].map(([method]) => method));
  if (site.files.has(c.req.path) || site.hasPage(new Request(c.req.url))) methods.add("GET");
  if (methods.has("GET")) methods.add("HEAD");
  if (methods.size > 0) methods.add("OPTIONS");
  return [...methods].toSorted();
}

/** Whether the path may be one of ours: none has a control character, and PostgreSQL accepts no text with a NUL. */
export const isAddress = (path: string): boolean => !/[\u0000-\u001f\u007f]/u.test(path);
