/** Headers every answer carries, and the refusal of requests that other sites made a browser send. */

import { createMiddleware } from "hono/factory";
import { env } from "#db/env.ts";
import { Forbidden } from "#db/errors.ts";
import type { AppEnv } from "./context.ts";

const isHttps = env.PUBLIC_ORIGIN.startsWith("https:");

/** What every answer under this path carries; a page brings its own CSP, everything else may load nothing. */
export function protection(path: string, policy = "default-src 'none'"): Record<string, string> {
  const framed = policy.includes("frame-ancestors")
    ? policy
    : `${policy.replace(/;\s*$/u, "")}; frame-ancestors 'none'`;
  return {
    "X-Content-Type-Options": "nosniff",
    // Under "no-referrer" a browser sends "Origin: null" with a form; staff writes need the real one.
    "Referrer-Policy": path.startsWith("/staff") ? "same-origin" : "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Content-Security-Policy": framed,
    ...(isHttps && { "Strict-Transport-Security": "max-age=31536000; includeSubDomains" }),
  };
}

/** Protects every answer of the application, and keeps those that do not say otherwise from being kept. */
export const secureHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  const { headers } = c.res;
  const policy = headers.get("Content-Security-Policy") ?? undefined;
  for (const [name, value] of Object.entries(protection(c.req.path, policy))) headers.set(name, value);
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
});

/** PUBLIC_ORIGIN, and on a machine of one's own also its other name. */
export const ourOrigins = [env.PUBLIC_ORIGIN];
if (/^http:\/\/localhost(?::|$)/u.test(env.PUBLIC_ORIGIN))
  ourOrigins.push(env.PUBLIC_ORIGIN.replace("localhost", "127.0.0.1"));

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Writes with a cookie behind them (staff, sign-in) need proof of the same origin. Public forms carry
 * no cookie, so there it is enough that no header says they come from elsewhere: an old phone that
 * sends neither header must still be able to ask for help. One-click unsubscribe (RFC 8058) and the
 * JSON API are meant to be called from elsewhere.
 */
export const sameOrigin = createMiddleware<AppEnv>(async (c, next) => {
  if (!safe.has(c.req.method) && !isMeantForOthers(c.req.path)) {
    const site = c.req.header("sec-fetch-site");
    const origin = c.req.header("origin");
    const isOurs = origin !== undefined && ourOrigins.includes(origin);
    const proven = site === "same-origin" || isOurs;
    const foreign =
      (site !== undefined && site !== "same-origin" && site !== "none") ||
      (origin !== undefined && origin !== "null" && !isOurs && site !== "same-origin");
    const needsProof = c.req.path.startsWith("/staff") || c.req.path.startsWith("/api/auth");
    if (foreign || (needsProof && !proven)) throw new Forbidden("cross-site");
  }
  await next();
});

const isMeantForOthers = (path: string) =>
  /^\/u\/[^/]+$/u.test(path) || /^\/api\/(?:consultations|downloads|subscriptions)$/u.test(path);
