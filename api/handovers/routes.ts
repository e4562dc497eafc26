import { Hono } from "hono";
import { caseId } from "#api/case-access/case-id.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { HandoverForm, TakeOverForm } from "./forms.ts";
import { handOver } from "./hand-over.ts";
import { takeOver } from "./take-over.ts";

export const handoverRoutes = new Hono<AppEnv>()
  .basePath("/staff/cases/:id")
  .post("/hand-over", async (c) => {
    const id = caseId(c);
    await handOver(requireStaff(c), id, await readForm(c, HandoverForm, `/staff/cases/${id}/hand-over`));
    return redirectWithNotice(c, `/staff/cases/${id}`, "handed_over");
  })
  .post("/take-over", async (c) => {
    const page = `/staff/cases/${caseId(c)}`;
    await takeOver(requireStaff(c), caseId(c), await readForm(c, TakeOverForm, page));
    // To the composer: whoever takes an overdue case answers it now.
    return c.redirect(`${page}?done=taken_over#write`, 303);
  });
