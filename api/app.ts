/** The whole HTTP surface: who is asked, in which order, and what each kind of refusal looks like. */

import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { routePath } from "hono/route";
import { clickIdOf, recordClick } from "#analytics/clicks/record.ts";
import { caseRoutes } from "#api/cases/routes.ts";
import { replyRoutes } from "#api/correspondence/reply-routes.ts";
import { correspondenceRoutes } from "#api/correspondence/routes.ts";
import { downloadRoutes } from "#api/downloads/routes.ts";
import { guideRoutes } from "#api/guides/routes.ts";
import { healthRoutes } from "#api/health/routes.ts";
import type { AppEnv, AppContext } from "#api/http/context.ts";
import { sameOrigin, secureHeaders } from "#api/http/guard.ts";
import { requestNetwork } from "#api/http/network.ts";
import { problemOf, tooLarge } from "#api/http/problems.ts";
import { logRequest } from "#api/http/request-log.ts";
import { isUpload } from "#api/http/uploads.ts";
import { receiptRoutes } from "#api/intake/receipt-routes.ts";
import { consultationRoutes } from "#api/intake/routes.ts";
import { keywordRoutes } from "#api/keywords/routes.ts";
import { mailRoutes } from "#api/mail/routes.ts";
import { newsletterRoutes } from "#api/newsletters/routes.ts";
import { staffGuard } from "#api/sign-in/guard.ts";
import { signInRoutes } from "#api/sign-in/routes.ts";
import { sitemapRoutes } from "#api/sitemap/routes.ts";
import { invitationRoutes, staffRoutes } from "#api/staff/routes.ts";
import { subscriptionRoutes } from "#api/subscriptions/routes.ts";
import { unsubscribeRoutes } from "#api/subscriptions/unsubscribe-routes.ts";
import { answerProblem } from "#api/web/answer-problem.ts";
import { keepFurigana } from "#api/web/furigana-links.ts";
import { isAddress, notFoundOrNotAllowed } from "#api/web/methods.ts";
import { keyFor, mayBePage, renderInstead, renderRequest, serveFile, type Site } from "#api/web/pages.ts";
import { env } from "#db/env.ts";
import { withTimeout } from "#db/timeout.ts";
import { openapiDocument } from "./openapi.ts";

/** Largest body: 4000 characters of any script fit as a form, staff write up to 20,000, and a guide has up to 20 MB. */
function maxBody(path: string): number {
  if (isUpload(path)) return 21 * 1024 * 1024;
  return (path.startsWith("/staff/") ? 256 : 64) * 1024;
}

/** The application over one built site. */
export function createApp(site: Site) {
  const refuseSize = (c: AppContext) => answerProblem(c, site, tooLarge(c, maxBody(c.req.path) / 1024));
  const app: Hono<AppEnv> = new Hono<AppEnv>();
  return app
    .use(requestLog)
    .use((c, next) => {
      c.set("show", (path, locals, status = 200) => renderInstead(c, site, path, locals, status));
      return next();
    })
    .use(secureHeaders)
    .use((c, next) => (isAddress(c.req.path) ? next() : Promise.resolve(c.notFound())))
    .use(keepFurigana)
    .use(limitBody(refuseSize))
    .use(sameOrigin)
    .use(answerInTime)
    .use("/staff", staffGuard)
    .use("/staff/*", staffGuard)
    .use("/staff/guides/*", limitBody(refuseSize))
    .route("/", healthRoutes)
    .route("/", consultationRoutes)
    .route("/", receiptRoutes)
    .route("/", correspondenceRoutes)
    .route("/", downloadRoutes)
    .route("/", guideRoutes)
    .route("/", signInRoutes)
    .route("/", invitationRoutes)
    .route("/", staffRoutes)
    .route("/", caseRoutes)
    .route("/", replyRoutes)
    .route("/", mailRoutes)
    .route("/", newsletterRoutes)
    .route("/", subscriptionRoutes)
    .route("/", unsubscribeRoutes)
    .route("/", keywordRoutes)
    .route("/", sitemapRoutes)
    .get("/api/openapi.json", (c) => c.json(openapiDocument()))
    .get("*", (c) => page(c, site))
    .notFound(notFoundOrNotAllowed(site, () => app.routes))
    .onError((error, c) => answerProblem(c, site, problemOf(error, c)));
}

/**
 * 413 by the stated length, and only for bodies without one by counting: reading every body as a
 * stream would cost each intake a tenth of its time.
 */
function limitBody(refuse: (c: AppContext) => Promise<Response>) {
  return async (c: AppContext, next: () => Promise<void>) => {
    const stated = c.req.header("content-length");
    const maxSize = maxBody(c.req.path);
    // Counting keeps what it counts: 20 MB only for somebody who is signed in, so once more behind the guard.
    if (stated === undefined && isUpload(c.req.path) && !c.get("staff")) return next();
    if (stated === undefined) return bodyLimit({ maxSize, onError: refuse })(c, next);
    if (Number(stated) > maxSize) return refuse(c);
    return next();
  };
}

/**
 * A form of the public site is answered in time, also by a database that hangs: it is shown again with
 * all its words, and its key makes the next press the same request. Staff and programs wait.
 */
const answerInTime = (c: AppContext, next: () => Promise<void>) =>
  c.req.method !== "POST" || /^\/(?:staff|api)(?:\/|$)/u.test(c.req.path)
    ? next()
    : withTimeout(env.FORM_WAIT_MS, next());

/** Public pages from memory, others from Astro; an advertisement's landing leaves a click first. */
async function page(c: AppContext, site: Site): Promise<Response> {
  if (!mayBePage(c.req.path)) return c.notFound();
  const isPublic = !c.req.path.startsWith("/staff");
  const tokenOf = async () => (isPublic ? clickTokenOf(c) : undefined);
  const key = keyFor(c, site);
  const file = site.files.get(key);
  if (file) return serveFile(c, site, file.isPage ? await tokenOf() : undefined, 200, key) ?? c.notFound();
  // Letters that no path of ours lacks: what a browser might read as another host is no page.
  if (/^(?!\/api\/)(?:\/[\w.~-]+)+\/$/u.test(c.req.path))
    return c.redirect(c.req.path.slice(0, -1) + new URL(c.req.url).search, 308);
  return (await renderRequest(c, site, tokenOf)) ?? c.notFound();
}

async function clickTokenOf(c: AppContext): Promise<string | undefined> {
  const query = new URL(c.req.url).searchParams;
  const carried = query.get("c") ?? undefined;
  if (c.req.method === "GET" && !holdsToken(c.req.path)) {
    const { path } = c.req;
    const fresh = await recordClick(query, { path, userAgent: c.req.header("user-agent"), network: requestNetwork(c) });
    if (fresh !== undefined) return fresh;
  }
  return clickIdOf(carried) === undefined ? undefined : carried;
}

/** Pages that only a link from us leads to: no advertisement lands there, and no path of theirs is kept. */
const holdsToken = (path: string) =>
  /^\/(?:u|newsletter\/(?:confirm|preferences)|consultation\/receipt|guides\/received)\//u.test(path);

const requestLog = async (c: AppContext, next: () => Promise<void>) => {
  const started = performance.now();
  c.set("requestId", randomUUID());
  await next();
  // Not c.header(): after the answer is made it would make it again, as a stream.
  c.res.headers.set("X-Request-Id", c.get("requestId"));
  logRequest({
    requestId: c.get("requestId"),
    method: c.req.method,
    route: routePath(c),
    status: c.res.status,
    started,
    staff: c.get("staff")?.id,
  });
};
