/** HTTP requests to the routes about mail, with the product's error answers and a member of staff already signed in. */

import { Hono } from "hono";
import type { AppEnv } from "#api/http/context.ts";
import { problemOf } from "#api/http/problems.ts";
import { mailRoutes } from "#api/mail/routes.ts";
import { newsletterRoutes } from "#api/newsletters/routes.ts";
import { subscriptionRoutes } from "#api/subscriptions/routes.ts";
import { unsubscribeRoutes } from "#api/subscriptions/unsubscribe-routes.ts";
import type { Staff } from "#db/actor.ts";

export function mailApp(staff?: Staff) {
  return new Hono<AppEnv>()
    .use(async (c, next) => {
      c.set("requestId", "test");
      if (staff) c.set("staff", staff);
      await next();
    })
    .route("/", subscriptionRoutes)
    .route("/", unsubscribeRoutes)
    .route("/", newsletterRoutes)
    .route("/", mailRoutes)
    .onError((error, c) => {
      const { status, detail, errors } = problemOf(error, c);
      return c.json({ detail, errors }, status as 422);
    });
}

/** What a browser without JavaScript sends. */
export const form = (fields: Record<string, string>): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded", accept: "text/html,application/xhtml+xml" },
  body: new URLSearchParams(fields).toString(),
});

/** What a program sends. */
export const json = (body: object): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
