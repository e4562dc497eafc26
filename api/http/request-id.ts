/** Middleware: gives every request an id, which stands in its log line and in its answer. */

import { randomUUID } from "node:crypto";
import { routePath } from "hono/route";
import type { AppContext } from "./context.ts";
import { logRequest } from "./request-log.ts";

/** Sets `requestId` on the context, sends it as X-Request-Id, and logs the request once it is answered. */
export async function requestId(c: AppContext, next: () => Promise<void>): Promise<void> {
  const started = performance.now();
  c.set("requestId", randomUUID());
  await next();
  // Not c.header(): after the answer is made, that would build it again, as a stream.
  c.res.headers.set("X-Request-Id", c.get("requestId"));
  logRequest({
    requestId: c.get("requestId"),
    method: c.req.method,
    route: routePath(c),
    status: c.res.status,
    started,
    staff: c.get("staff")?.id,
  });
}
