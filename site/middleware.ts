/** A refusal thrown while a page reads its data goes back to the one place that words refusals. */

import { defineMiddleware } from "astro:middleware";

export const onRequest = defineMiddleware(async (context, next) => {
  try {
    return await next();
  } catch (error) {
    context.locals.failure = { error };
    return new Response(null, { status: 500 });
  }
});
