/** Middleware of the comparison build: the moment and the origin, as api/pages/site.ts gives them to every page. */

import type { MiddlewareHandler } from "astro";
import { PageTime } from "#api/pages/page-time.ts";
import { env } from "#db/env.ts";

export const onRequest: MiddlewareHandler = (context, next) => {
  Object.assign(context.locals, { time: new PageTime(new Date()), origin: env.PUBLIC_ORIGIN });
  return next();
};
