/** Middleware: how large a body may be, and how long a public form may take. */

import { bodyLimit } from "hono/body-limit";
import { env } from "#db/env.ts";
import { withTimeout } from "#db/timeout.ts";
import type { AppContext } from "./context.ts";
import { isUpload } from "./uploads.ts";

/** Bytes of a body at most: 4000 characters of any script fit as a form, staff write up to 20,000, a guide has up to 20 MB. */
function maxBody(path: string): number {
  if (isUpload(path)) return 21 * 1024 * 1024;
  return (path.startsWith("/staff/") ? 256 : 64) * 1024;
}

/**
 * Refuses bodies over the limit of their path: by Content-Length, and by counting bytes only where that header
 * is absent, since reading every body as a stream would cost each intake a tenth of its time. `refuse` makes
 * the answer (413) and is given the limit in kilobytes.
 */
export function limitBody(refuse: (c: AppContext, kilobytes: number) => Promise<Response>) {
  return async (c: AppContext, next: () => Promise<void>) => {
    const length = c.req.header("content-length");
    const maxSize = maxBody(c.req.path);
    const onError = () => refuse(c, maxSize / 1024);
    // Counting holds the bytes in memory: 20 MB only for signed-in staff, so this runs once more behind the staff guard.
    if (length === undefined && isUpload(c.req.path) && !c.get("staff")) return next();
    if (length === undefined) return bodyLimit({ maxSize, onError })(c, next);
    if (Number(length) > maxSize) return onError();
    return next();
  };
}

/**
 * Timeout (FORM_WAIT_MS) for forms of the public site while the database hangs: the form is shown again with
 * all its words, and its idempotency key makes the next press the same request. Staff and programs wait.
 */
export const formTimeout = (c: AppContext, next: () => Promise<void>): Promise<void> =>
  c.req.method !== "POST" || /^\/(?:staff|api)(?:\/|$)/u.test(c.req.path)
    ? next()
    : withTimeout(env.FORM_WAIT_MS, next());
