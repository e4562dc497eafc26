import { Hono } from "hono";
import { z } from "zod";
import { caseId } from "#api/case-access/case-id.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, type AppContext, requireStaff } from "#api/http/context.ts";
import { assign, claim, unassign } from "./assign.ts";
import { close, reopen } from "./close.ts";
import { endOwed } from "./end-promises.ts";
import { AssignmentForm, ClosureForm, PromiseEndForm, StateForm, UnassignmentForm } from "./forms.ts";
import { changeState } from "./state.ts";

const back = (c: AppContext, notice: string) => redirectWithNotice(c, `/staff/cases/${caseId(c)}`, notice);
/** The checked input. A refused form is shown again on the page of the case, or on the one of its pages named `on`. */
const form = <S extends z.ZodType>(c: AppContext, schema: S, on = "") =>
  readForm(c, schema, `/staff/cases/${caseId(c)}${on}`);

export const caseRoutes = new Hono<AppEnv>()
  .basePath("/staff/cases/:id")
  .post("/state", async (c) => {
    await changeState(requireStaff(c), caseId(c), await form(c, StateForm, "/state"));
    return back(c, "state");
  })
  .post("/claim", async (c) => {
    await form(c, z.strictObject({}));
    await claim(requireStaff(c), caseId(c));
    return back(c, "claimed");
  })
  .post("/assignments", async (c) => {
    const role = await assign(requireStaff(c), caseId(c), await form(c, AssignmentForm));
    return back(c, role === "helper" ? "helping" : "assigned");
  })
  .post("/assignments/end", async (c) => {
    const { staff_id } = await form(c, UnassignmentForm);
    await unassign(requireStaff(c), caseId(c), staff_id);
    return back(c, "unassigned");
  })
  .post("/promises/end", async (c) => {
    await endOwed(requireStaff(c), caseId(c), await form(c, PromiseEndForm));
    return back(c, "promise_ended");
  })
  .post("/closures", async (c) => {
    await close(requireStaff(c), caseId(c), await form(c, ClosureForm, "/close"));
    return back(c, "closed");
  })
  .post("/reopen", async (c) => {
    await form(c, z.strictObject({}));
    await reopen(requireStaff(c), caseId(c));
    return back(c, "reopened");
  });
