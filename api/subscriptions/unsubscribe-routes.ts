import { Hono } from "hono";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readLocalisedForm } from "#api/forms/read-form.ts";
import type { AppEnv } from "#api/http/context.ts";
import { saveUnsubscribeReason, unsubscribe, unsubscribeFromEverything } from "#emails/lists/unsubscribe.ts";
import { reasonForms } from "./forms.ts";

export const unsubscribeRoutes = new Hono<AppEnv>()
  /**
   * RFC 8058: a mail program posts "List-Unsubscribe=One-Click", follows no redirect and shows no page.
   * A person who presses the button on our page is redirected to the page, which confirms it.
   */
  .post("/u/:token", async (c) => {
    const token = c.req.param("token");
    const isOneClick = /List-Unsubscribe=One-Click/iu.test(await c.req.text());
    await unsubscribe(token);
    const isPerson = !isOneClick && (c.req.header("accept") ?? "").includes("text/html");
    return isPerson ? c.redirect(`/u/${encodeURIComponent(token)}`, 303) : c.text("unsubscribed", 200);
  })
  /** The second choice of the page behind the link of one list. */
  .post("/u/:token/everything", async (c) => {
    const token = c.req.param("token");
    await unsubscribeFromEverything(token);
    return c.redirect(`/u/${encodeURIComponent(token)}`, 303);
  })
  .post("/u/:token/reason", async (c) => {
    const token = c.req.param("token");
    const page = `/u/${encodeURIComponent(token)}`;
    const { reason } = await readLocalisedForm(c, reasonForms, page);
    await saveUnsubscribeReason(token, reason);
    return redirectWithNotice(c, page, "reason");
  });
