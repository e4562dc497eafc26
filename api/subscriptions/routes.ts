import { Hono } from "hono";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { languageOf, readLocalisedForm } from "#api/forms/read-form.ts";
import { requestOrigin } from "#api/forms/request-origin.ts";
import { type AppEnv, type AppContext, wantsJson } from "#api/http/context.ts";
import { forgetKept, redirectToKept } from "#api/kept-pages/keep.ts";
import { agreedWords } from "#db/consents/versions.ts";
import { Gone } from "#db/errors.ts";
import { pathIn } from "#db/words/words.ts";
import { savePreferences } from "#emails/lists/preferences.ts";
import { confirmSubscription } from "#emails/lists/subscriptions.ts";
import { preferencesForms, subscriptionForms, subscriptionPageForms } from "./forms.ts";
import { subscribe } from "./subscribe.ts";

/** The page with the form, in the language of the form. */
const pageOf = (typed: Record<string, unknown>) => pathIn(languageOf(typed), "/newsletter");

async function request(c: AppContext) {
  const isProgram = wantsJson(c);
  const form = isProgram
    ? await readLocalisedForm(c, subscriptionForms)
    : await readLocalisedForm(c, subscriptionPageForms, pageOf);
  await subscribe(form, await requestOrigin(c, isProgram ? "api" : "form", form));
  if (isProgram && !isBrowserForm(c)) return c.json({ status: "confirmation_sent" }, 202);
  await forgetKept(form.key);
  const requested = { page: "/newsletter/requested", locals: { locale: form.locale }, status: 200 };
  return (
    (await redirectToKept(c, pageOf(form), requested)) ?? (await c.get("show")(requested.page, requested.locals, 200))
  );
}

/** A form on somebody else's page may post to the API; the person then needs a page, not JSON. */
const isBrowserForm = (c: AppContext) =>
  (c.req.header("accept") ?? "").includes("text/html") &&
  !(c.req.header("content-type") ?? "").startsWith("application/json");

export const subscriptionRoutes = new Hono<AppEnv>()
  .post("/newsletter", request)
  .post("/:locale{easy|en}/newsletter", request)
  .post("/api/subscriptions", request)
  // Without having asked there is nothing to wait for.
  .get("/newsletter/requested", (c) => c.redirect("/newsletter?lost", 303))
  .post("/newsletter/confirm/:token", async (c) => {
    const token = c.req.param("token");
    const page = `/newsletter/confirm/${encodeURIComponent(token)}`;
    const confirmed = await confirmSubscription(token).catch((error: unknown) => {
      if (!(error instanceof Gone) || wantsJson(c)) throw error;
      return error;
    });
    // The page says in the reader's language what can be done.
    return confirmed instanceof Gone ? c.get("show")(page, {}, 410) : c.redirect(page, 303);
  })
  .post("/newsletter/preferences/:token", async (c) => {
    const token = c.req.param("token");
    const page = `/newsletter/preferences/${encodeURIComponent(token)}`;
    const { lists, consent_text: version, locale } = await readLocalisedForm(c, preferencesForms, () => page);
    const consent = await agreedWords("preferences", locale, { version, now: new Date(), field: "lists" });
    const saved = await savePreferences(token, lists, consent);
    return saved.isUnsubscribed
      ? c.redirect(`/u/${saved.unsubscribeToken}`, 303)
      : redirectWithNotice(c, page, "saved");
  });
