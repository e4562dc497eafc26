import { Hono } from "hono";
import { env } from "#db/env.ts";
import { arrivalOf } from "../arrival.ts";
import { type House, type HouseContext, wantsJson } from "../context.ts";
import { ConsultationForm } from "../forms/consultation.ts";
import { receiveConsultation } from "../leads.ts";
import { receiptPath } from "../receipts.ts";
import { likelySlip } from "../slips.ts";
import { submitted } from "../submit.ts";

async function receive(c: HouseContext) {
  const asJson = wantsJson(c);
  const form = await submitted(c, ConsultationForm, asJson ? undefined : "/consultation/again");
  const received = await receiveConsultation(
    { ...form, c: form.c ?? c.req.query("c") },
    arrivalOf(c, asJson ? "api" : "form", form),
  );
  const slip = form.reply_by === "email" ? likelySlip(form.email ?? "") : undefined;
  const receipt = receiptPath({ ...received, slip, locale: form.locale });
  if (!asJson) return c.redirect(receipt, 303);
  const Location = new URL(receipt, env.PUBLIC_ORIGIN).href;
  return c.json({ reference: received.reference, reply_by_date: received.replyByDate }, 201, { Location });
}

/** POST /consultation for people, POST /api/consultations for programs: one way in. */
export const consultations = new Hono<House>().post("/consultation", receive).post("/api/consultations", receive);
