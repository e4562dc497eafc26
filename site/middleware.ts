/** An error thrown while a page reads its data is handed to site/server.ts, so that api/http/problems.ts answers it. */

import { defineMiddleware } from "astro:middleware";

export const onRequest = defineMiddleware(async (context, next) => {
  try {
    return await next();
  } catch (error) {
    context.locals.failure = { error };
    return new Response(null, { status: 500 });
  }
});
