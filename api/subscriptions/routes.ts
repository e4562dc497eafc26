import { Hono } from "hono";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { requestOrigin } from "#api/forms/request-origin.ts";
import { type AppEnv, type AppContext, wantsJson } from "#api/http/context.ts";
import { forgetKept, redirectToKept } from "#api/kept-pages/keep.ts";
import { agreedWords } from "#db/consents/versions.ts";
import { savePreferences } from "#emails/lists/preferences.ts";
import { confirmSubscription } from "#emails/lists/subscriptions.ts";
import { PreferencesForm, SubscriptionForm, SubscriptionPageForm } from "./forms.ts";
import { subscribe } from "./subscribe.ts";

async function request(c: AppContext) {
  const isProgram = wantsJson(c);
  const form = isProgram ? await readForm(c, SubscriptionForm) : await readForm(c, SubscriptionPageForm, "/newsletter");
  await subscribe(form, await requestOrigin(c, isProgram ? "api" : "form", form));
  if (isProgram && !isBrowserForm(c)) return c.json({ status: "confirmation_sent" }, 202);
  await forgetKept(form.key);
  const requested = { page: "/newsletter/requested", locals: {}, status: 200 };
  return (
    (await redirectToKept(c, "/newsletter", requested, undefined)) ?? (await c.get("show")(requested.page, {}, 200))
  );
}

/** A form on somebody else's page may post to the API; the person then needs a page, not JSON. */
const isBrowserForm = (c: AppContext) =>
  (c.req.header("accept") ?? "").includes("text/html") &&
  !(c.req.header("content-type") ?? "").startsWith("application/json");

export const subscriptionRoutes = new Hono<AppEnv>()
  .post("/newsletter", request)
  .post("/api/subscriptions", request)
  // Without having asked there is nothing to wait for.
  .get("/newsletter/requested", (c) => c.redirect("/newsletter?lost", 303))
  .post("/newsletter/confirm/:token", async (c) => {
    await confirmSubscription(c.req.param("token"));
    return c.redirect(`/newsletter/confirm/${encodeURIComponent(c.req.param("token"))}`, 303);
  })
  .post("/newsletter/preferences/:token", async (c) => {
    const token = c.req.param("token");
    const page = `/newsletter/preferences/${encodeURIComponent(token)}`;
    const { lists, consent_text: version } = await readForm(c, PreferencesForm, page);
    const consent = await agreedWords("preferences", "ja", { version, now: new Date(), field: "lists" });
    const saved = await savePreferences(token, lists, consent);
    return saved.isUnsubscribed
      ? c.redirect(`/u/${saved.unsubscribeToken}`, 303)
      : redirectWithNotice(c, page, "saved");
  });
