import { Hono } from "hono";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { sendAgain } from "#emails/ledger/ledger.ts";

export const mailRoutes = new Hono<AppEnv>().post("/staff/mail/:id/resend", async (c) => {
  await readForm(c, EmptyForm, "/staff/mail");
  await sendAgain(requireStaff(c), c.req.param("id"));
  return redirectWithNotice(c, "/staff/mail", "resent");
});
