import { Hono } from "hono";
import { readLocalisedForm } from "#api/forms/read-form.ts";
import { clickTokenInUrl, requestOrigin } from "#api/forms/request-origin.ts";
import { readBody } from "#api/http/bodies.ts";
import { type AppEnv, type AppContext, wantsJson } from "#api/http/context.ts";
import { env } from "#db/env.ts";
import { codes } from "#db/terms/codes.ts";
import { locale } from "#db/terms/locale.ts";
import { suggestDomain } from "./email-typos.ts";
import { consultationForms } from "./forms.ts";
import { receiptPath } from "./receipts.ts";
import { receiveConsultation } from "./receive.ts";

const again = "/consultation/again";

async function receive(c: AppContext) {
  const asJson = wantsJson(c);
  const form = await readLocalisedForm(c, consultationForms, asJson ? undefined : again);
  const received = await receiveConsultation(form, requestOrigin(c, asJson ? "api" : "form", form));
  const slip = form.reply_by === "email" ? suggestDomain(form.email ?? "") : undefined;
  const receipt = receiptPath({ ...received, slip, locale: form.locale });
  if (!asJson) return c.redirect(receipt, 303);
  const Location = new URL(receipt, env.PUBLIC_ORIGIN).href;
  const { reference, replyByDate, mailed } = received;
  return c.json({ reference, reply_by_date: replyByDate, ...(!mailed && { receipt_mailed: false }) }, 201, {
    Location,
  });
}

/** The answers once more before they are sent. Nothing is kept here: the page itself carries them. */
async function check(c: AppContext) {
  const form = await readLocalisedForm(c, consultationForms, again);
  return c.get("show")("/consultation/check", { form: { values: asTyped(c), errors: {} }, locale: form.locale });
}

/** Back to the form, with every answer in its field. Judged only when it is sent on. */
async function change(c: AppContext) {
  const { values } = await readBody(c);
  const spoken = codes(locale).find((code) => code === values["locale"]);
  c.set("submitted", values);
  return c.get("show")(again, { form: { values: asTyped(c), errors: {} }, locale: spoken });
}

/** Nothing typed comes with a link, a reload or a bookmark: the form, which says so, and no check of nothing. */
function bare(c: AppContext) {
  const token = clickTokenInUrl(c);
  return c.redirect(token === undefined ? again : `${again}?${new URLSearchParams({ c: token })}`, 303);
}

/** What was typed, with the click token that the address carried. */
function asTyped(c: AppContext): Record<string, unknown> {
  const token = clickTokenInUrl(c);
  return { ...(token !== undefined && { c: token }), ...c.get("submitted") };
}

/** POST /consultation for people, POST /api/consultations for programs: one way in. */
export const consultationRoutes = new Hono<AppEnv>()
  .post("/consultation", receive)
  .post("/:locale{easy|en}/consultation", receive)
  .post("/api/consultations", receive)
  .post("/consultation/check", check)
  .get("/consultation/check", bare)
  .get("/consultation/change", bare)
  .post("/consultation/change", change);
