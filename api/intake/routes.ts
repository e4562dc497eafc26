import { Hono } from "hono";
import { languageOf, readLocalisedForm } from "#api/forms/read-form.ts";
import { clickTokenInUrl, requestOrigin } from "#api/forms/request-origin.ts";
import { readBody } from "#api/http/bodies.ts";
import { type AppEnv, type AppContext, wantsJson } from "#api/http/context.ts";
import { forgetKept, keepOrShow } from "#api/kept-pages/keep.ts";
import { env } from "#db/env.ts";
import { askerIn, formPaths } from "#db/terms/askers.ts";
import { pathIn } from "#db/words/words.ts";
import { correctedAddress, suggestDomain } from "./email-typos.ts";
import { consultationForms } from "./forms.ts";
import { receiptPath } from "./receipts.ts";
import { consentWords, receiveConsultation } from "./receive.ts";

/** The address of the form that these answers were typed into. */
function formOf(typed: Record<string, unknown>): string {
  return pathIn(languageOf(typed), formPaths[askerIn(typed)]);
}

async function receive(c: AppContext) {
  const asJson = wantsJson(c);
  const form = await readLocalisedForm(c, consultationForms, asJson ? undefined : formOf);
  const consultation = await receiveConsultation(form, await requestOrigin(c, asJson ? "api" : "form", form));
  await forgetKept(form.key);
  const slip = form.reply_by === "email" ? suggestDomain(form.email ?? "") : undefined;
  const receipt = receiptPath({ ...consultation, slip, locale: form.locale, asker: askerIn(form) });
  if (!asJson) return c.redirect(receipt, 303);
  const Location = new URL(receipt, env.PUBLIC_ORIGIN).href;
  const { reference, replyByDate, mailed } = consultation;
  return c.json({ reference, reply_by_date: replyByDate, ...(!mailed && { receipt_mailed: false }) }, 201, {
    Location,
  });
}

/**
 * Shows the answers once more before they are sent. With "?correct" the mail address that was probably meant has taken the
 * place of the one typed.
 */
async function check(c: AppContext) {
  const isToCorrect = c.req.query("correct") !== undefined;
  const form = await readLocalisedForm(c, consultationForms, formOf, (typed) => {
    const email = isToCorrect ? correctedAddress(typed["email"]) : undefined;
    return email === undefined ? typed : { ...typed, email };
  });
  await consentWords(form, new Date());
  return showTyped(c, "/consultation/check");
}

/** Back to the form, with every answer in its field. Validated only when it is sent. */
async function change(c: AppContext) {
  const { values } = await readBody(c);
  c.set("submitted", values);
  return showTyped(c, formOf(values));
}

/** A page with what was typed, at an address of its own. */
function showTyped(c: AppContext, page: string): Promise<Response> {
  const values = asTyped(c);
  const kept = { page, locals: { form: { values, errors: {} }, locale: languageOf(values) }, status: 200 };
  return keepOrShow(c, formOf(values), kept);
}

/** A link, a reload or a bookmark brings no answers: redirects to the form, which says so, keeping the click token. */
function redirectToForm(c: AppContext) {
  const isForeign = /^\s*(?!ja\b)[a-z]{2,3}\b/iu.test(c.req.header("accept-language") ?? "");
  const token = clickTokenInUrl(c);
  return c.redirect(
    `${pathIn(isForeign ? "en" : "ja", "/consultation")}?lost${token === undefined ? "" : `&c=${token}`}`,
    303,
  );
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
