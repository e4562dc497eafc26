import { Hono } from "hono";
import { caseId } from "#api/case-access/case-id.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { HandoverForm } from "./forms.ts";
import { handOver } from "./hand-over.ts";

export const handoverRoutes = new Hono<AppEnv>().post("/staff/cases/:id/hand-over", async (c) => {
  const id = caseId(c);
  await handOver(requireStaff(c), id, await readForm(c, HandoverForm, `/staff/cases/${id}/hand-over`));
  return redirectWithNotice(c, `/staff/cases/${id}`, "handed_over");
});
