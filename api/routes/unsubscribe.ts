import { Hono } from "hono";
import { unsubscribe as stop } from "#emails/subscriptions.ts";
import type { House } from "../context.ts";

/**
 * RFC 8058: a mail program posts "List-Unsubscribe=One-Click", follows no redirect and shows no page.
 * A person pressing the button on our page sees the page again, which then says that it is done.
 */
export const unsubscribe = new Hono<House>().post("/u/:token", async (c) => {
  const token = c.req.param("token");
  const isOneClick = /List-Unsubscribe=One-Click/iu.test(await c.req.text());
  await stop(token);
  const isPerson = !isOneClick && (c.req.header("accept") ?? "").includes("text/html");
  return isPerson ? c.redirect(`/u/${encodeURIComponent(token)}`, 303) : c.text("unsubscribed", 200);
});
