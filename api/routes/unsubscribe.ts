import { Hono } from "hono";
import { giveReason, unsubscribe as stop } from "#emails/leaving.ts";
import type { House } from "../context.ts";
import { ReasonForm } from "../forms/subscriptions.ts";
import { submitted } from "../submit.ts";

export const unsubscribe = new Hono<House>()
  /**
   * RFC 8058: a mail program posts "List-Unsubscribe=One-Click", follows no redirect and shows no page.
   * A person pressing the button on our page sees the page again, which then says that it is done.
   */
  .post("/u/:token", async (c) => {
    const token = c.req.param("token");
    const isOneClick = /List-Unsubscribe=One-Click/iu.test(await c.req.text());
    await stop(token);
    const isPerson = !isOneClick && (c.req.header("accept") ?? "").includes("text/html");
    return isPerson ? c.redirect(`/u/${encodeURIComponent(token)}`, 303) : c.text("unsubscribed", 200);
  })
  .post("/u/:token/reason", async (c) => {
    const token = c.req.param("token");
    const page = `/u/${encodeURIComponent(token)}`;
    const { reason } = await submitted(c, ReasonForm, page);
    await giveReason(token, reason);
    return c.redirect(page, 303);
  });
