/** Security headers of every response, and the check against cross-site request forgery (CSRF). */

import { createMiddleware } from "hono/factory";
import { env } from "#db/env.ts";
import { Forbidden } from "#db/errors.ts";
import type { AppEnv } from "./context.ts";

const isHttps = env.PUBLIC_ORIGIN.startsWith("https:");

/** Security headers of a response under this path. Pages pass their own CSP; everything else may load nothing. */
export function securityHeaders(path: string, policy = "default-src 'none'", https = isHttps): Record<string, string> {
  const framed = policy.includes("frame-ancestors")
    ? policy
    : `${policy.replace(/;\s*$/u, "")}; frame-ancestors 'none'`;
  return {
    "X-Content-Type-Options": "nosniff",
    // Under "no-referrer" a browser sends "Origin: null" with a form; staff writes need the real one.
    "Referrer-Policy": path.startsWith("/staff") ? "same-origin" : "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    // Readers of the newsletter see its pictures on the pages of their mail provider.
    "Cross-Origin-Resource-Policy": path.startsWith("/pictures/") ? "cross-origin" : "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Content-Security-Policy": framed,
    ...(https && { "Strict-Transport-Security": "max-age=31536000; includeSubDomains" }),
  };
}

/** Sets the security headers on every response, and `no-store` where a route set no Cache-Control. */
export const addSecurityHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  const { headers } = c.res;
  const policy = headers.get("Content-Security-Policy") ?? undefined;
  for (const [name, value] of Object.entries(securityHeaders(c.req.path, policy))) headers.set(name, value);
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
});

/** PUBLIC_ORIGIN; for localhost also 127.0.0.1, since developers open either. */
export const ourOrigins = [env.PUBLIC_ORIGIN];
if (/^http:\/\/localhost(?::|$)/u.test(env.PUBLIC_ORIGIN))
  ourOrigins.push(env.PUBLIC_ORIGIN.replace("localhost", "127.0.0.1"));

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Cross-site request forgery: refuses writes that another site made a browser send. Writes with a cookie
 * (staff, sign-in) need a header that proves the same origin. Public forms carry no cookie, so there it is
 * enough that no header names another origin: an old phone that sends neither Sec-Fetch-Site nor Origin
 * must still be able to ask for help. One-click unsubscribe (RFC 8058) and the JSON API may be called
 * from other origins.
 */
export const sameOrigin = createMiddleware<AppEnv>(async (c, next) => {
  if (!safeMethods.has(c.req.method) && !allowsCrossOrigin(c.req.path)) {
    const site = c.req.header("sec-fetch-site");
    const origin = c.req.header("origin");
    const isOurs = origin !== undefined && ourOrigins.includes(origin);
    const isProven = site === "same-origin" || isOurs;
    const isForeign =
      (site !== undefined && site !== "same-origin" && site !== "none") ||
      (origin !== undefined && origin !== "null" && !isOurs && site !== "same-origin");
    const needsProof = c.req.path.startsWith("/staff") || c.req.path.startsWith("/api/auth");
    if (isForeign || (needsProof && !isProven)) throw new Forbidden("cross-site");
  }
  await next();
});

const allowsCrossOrigin = (path: string) =>
  /^\/u\/[^/]+$/u.test(path) || /^\/api\/(?:consultations|downloads|subscriptions)$/u.test(path);
