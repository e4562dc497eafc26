import { Hono } from "hono";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { SummaryForm } from "./forms.ts";
import { chooseSummary } from "./readers.ts";

export const summaryRoutes = new Hono<AppEnv>().post("/staff/me/summary", async (c) => {
  const { wanted } = await readForm(c, SummaryForm, "/staff/me");
  await chooseSummary(requireStaff(c), wanted === "yes");
  return redirectWithNotice(c, "/staff/me", "summary");
});
