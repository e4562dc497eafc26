import { Hono } from "hono";
import { readLocalisedForm } from "#api/forms/read-form.ts";
import { clickTokenInUrl, requestOrigin } from "#api/forms/request-origin.ts";
import { readBody } from "#api/http/bodies.ts";
import { type AppEnv, type AppContext, wantsJson } from "#api/http/context.ts";
import { env } from "#db/env.ts";
import { codes } from "#db/terms/codes.ts";
import { locale } from "#db/terms/locale.ts";
import { correctedAddress, suggestDomain } from "./email-typos.ts";
import { consultationForms } from "./forms.ts";
import { receiptPath } from "./receipts.ts";
import { consentTo, receiveConsultation } from "./receive.ts";

/** The page that shows the form again with what was typed. */
const again = "/consultation/again";

async function receive(c: AppContext) {
  const asJson = wantsJson(c);
  const form = await readLocalisedForm(c, consultationForms, asJson ? undefined : again);
  const consultation = await receiveConsultation(form, await requestOrigin(c, asJson ? "api" : "form", form));
  const slip = form.reply_by === "email" ? suggestDomain(form.email ?? "") : undefined;
  const receipt = receiptPath({ ...consultation, slip, locale: form.locale });
  if (!asJson) return c.redirect(receipt, 303);
  const Location = new URL(receipt, env.PUBLIC_ORIGIN).href;
  const { reference, replyByDate, mailed } = consultation;
  return c.json({ reference, reply_by_date: replyByDate, ...(!mailed && { receipt_mailed: false }) }, 201, {
    Location,
  });
}

/**
 * Shows the answers once more before they are sent. With "?correct" the mail address that was probably meant has taken the
 * place of the one typed. Nothing is stored: the page carries them as hidden fields.
 */
async function check(c: AppContext) {
  const isToCorrect = c.req.query("correct") !== undefined;
  const form = await readLocalisedForm(c, consultationForms, again, (typed) => {
    const email = isToCorrect ? correctedAddress(typed["email"]) : undefined;
    return email === undefined ? typed : { ...typed, email };
  });
  await consentTo(form, new Date());
  return c.get("show")("/consultation/check", { form: { values: asTyped(c), errors: {} }, locale: form.locale });
}

/** Back to the form, with every answer in its field. Validated only when it is sent. */
async function change(c: AppContext) {
  const { values } = await readBody(c);
  const language = codes(locale).find((code) => code === values["locale"]);
  c.set("submitted", values);
  return c.get("show")(again, { form: { values: asTyped(c), errors: {} }, locale: language });
}

/** A link, a reload or a bookmark brings no answers to check: redirects to the form, keeping the click token. */
function redirectToForm(c: AppContext) {
  const token = clickTokenInUrl(c);
  return c.redirect(token === undefined ? again : `${again}?${new URLSearchParams({ c: token })}`, 303);
}

/** What was typed, with the click token of the URL where the form has none. */
function asTyped(c: AppContext): Record<string, unknown> {
  const token = clickTokenInUrl(c);
  return { ...(token !== undefined && { c: token }), ...c.get("submitted") };
}

/** POST /consultation for people and POST /api/consultations for programs share one function. */
export const consultationRoutes = new Hono<AppEnv>()
  .post("/consultation", receive)
  .post("/:locale{easy|en}/consultation", receive)
  .post("/api/consultations", receive)
  .post("/consultation/check", check)
  .get("/consultation/check", redirectToForm)
  .get("/consultation/change", redirectToForm)
  .post("/consultation/change", change);
