import { Hono } from "hono";
import { sendAgain } from "#emails/ledger.ts";
import { type House, staffOf } from "../context.ts";
import { Press } from "../forms/newsletters.ts";
import { submitted } from "../submit.ts";

export const mail = new Hono<House>().post("/staff/mail/:id/resend", async (c) => {
  await submitted(c, Press, "/staff/mail");
  await sendAgain(staffOf(c), c.req.param("id"));
  return c.redirect("/staff/mail?done=resent", 303);
});
