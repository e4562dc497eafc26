/** The mail room's routes with the product's refusals, and a member of staff already signed in. */
import { Hono } from "hono";
import type { House } from "#api/context.ts";
import { problemOf } from "#api/problems.ts";
import { mail } from "#api/routes/mail.ts";
import { newsletters } from "#api/routes/newsletters.ts";
import { subscriptions } from "#api/routes/subscriptions.ts";
import { unsubscribe } from "#api/routes/unsubscribe.ts";
import type { Staff } from "#db/actor.ts";

export function front(staff?: Staff) {
  return new Hono<House>()
    .use(async (c, next) => {
      c.set("requestId", "test");
      if (staff) c.set("staff", staff);
      await next();
    })
    .route("/", subscriptions)
    .route("/", unsubscribe)
    .route("/", newsletters)
    .route("/", mail)
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
