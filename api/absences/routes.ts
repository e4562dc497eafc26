import { Hono } from "hono";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppContext, type AppEnv, requireStaff } from "#api/http/context.ts";
import { cancelAbsence, enterAbsence } from "./absences.ts";
import { AbsenceForm } from "./forms.ts";

async function enter(c: AppContext, personId: string, page: string): Promise<Response> {
  await enterAbsence(requireStaff(c), personId, await readForm(c, AbsenceForm, page));
  return redirectWithNotice(c, page, "absence");
}

async function cancel(c: AppContext, personId: string, page: string): Promise<Response> {
  await readForm(c, EmptyForm, page);
  await cancelAbsence(requireStaff(c), personId, c.req.param("absence") ?? "");
  return redirectWithNotice(c, page, "absence_cancelled");
}

const me = "/staff/me";
const personOf = (c: AppContext) => c.req.param("id") ?? "";
const pageOf = (c: AppContext) => `/staff/people/${personOf(c)}`;

/** One's own, and for managers those of everybody. */
export const absenceRoutes = new Hono<AppEnv>()
  .post("/staff/me/absences", (c) => enter(c, requireStaff(c).id, me))
  .post("/staff/me/absences/:absence/cancellation", (c) => cancel(c, requireStaff(c).id, me))
  .post("/staff/people/:id/absences", (c) => enter(c, personOf(c), pageOf(c)))
  .post("/staff/people/:id/absences/:absence/cancellation", (c) => cancel(c, personOf(c), pageOf(c)));
