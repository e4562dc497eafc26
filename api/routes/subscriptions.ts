import { Hono } from "hono";
import { savePreferences } from "#emails/preferences.ts";
import { confirmSubscription } from "#emails/subscriptions.ts";
import { arrivalOf } from "../arrival.ts";
import { type House, type HouseContext, wantsJson } from "../context.ts";
import { PreferencesForm, SubscriptionForm, SubscriptionPageForm } from "../forms/subscriptions.ts";
import { submitted } from "../submit.ts";
import { subscribe } from "../subscriptions.ts";

async function request(c: HouseContext) {
  const isProgram = wantsJson(c);
  const form = isProgram
    ? await submitted(c, SubscriptionForm)
    : await submitted(c, SubscriptionPageForm, "/newsletter");
  await subscribe({ ...form, c: form.c ?? c.req.query("c") }, arrivalOf(c, isProgram ? "api" : "form", form));
  if (isProgram && !isBrowserForm(c)) return c.json({ status: "confirmation_sent" }, 202);
  return c.redirect("/newsletter/requested", 303);
}

/** A form on somebody's own page may post to the API; its reader wants a page, not JSON. */
const isBrowserForm = (c: HouseContext) =>
  (c.req.header("accept") ?? "").includes("text/html") &&
  !(c.req.header("content-type") ?? "").startsWith("application/json");

export const subscriptions = new Hono<House>()
  .post("/newsletter", request)
  .post("/api/subscriptions", request)
  .post("/newsletter/confirm/:token", async (c) => {
    await confirmSubscription(c.req.param("token"));
    return c.redirect(`/newsletter/confirm/${encodeURIComponent(c.req.param("token"))}`, 303);
  })
  .post("/newsletter/preferences/:token", async (c) => {
    const token = c.req.param("token");
    const page = `/newsletter/preferences/${encodeURIComponent(token)}`;
    const { lists } = await submitted(c, PreferencesForm, page);
    const saved = await savePreferences(token, lists);
    return c.redirect(saved.left ? `/u/${saved.wayOut}` : `${page}?done=saved`, 303);
  });
