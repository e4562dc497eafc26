import { Hono } from "hono";
import { z } from "zod";
import { caseId } from "#api/case-access/case-id.ts";
import { saveAsDraft } from "#api/drafts/staff-forms.ts";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { numberToDial } from "#api/intake/phone-numbers.ts";
import { CallForm, CallOnCaseForm } from "./forms.ts";
import { keepCall } from "./keep-call.ts";
import { receiveCall } from "./receive-call.ts";
import { recordConsent } from "./record-consent.ts";

const page = "/staff/cases/new";

/** Which button was pressed, before anything that was typed is judged. */
const Pressed = z.looseObject({ do: z.string().optional(), to_case: z.string().optional() });

export const phoneIntakeRoutes = new Hono<AppEnv>()
  .post("/staff/cases/new", async (c) => {
    const staff = requireStaff(c);
    const pressed = await readForm(c, Pressed, page);
    if (pressed.do === "look" || pressed.do === "draft") {
      await saveAsDraft(c, page);
      return c.redirect(pressed.do === "look" ? `${page}#found` : "/staff", 303);
    }
    if (pressed.to_case !== undefined) {
      const form = await readForm(c, CallOnCaseForm, page);
      await keepCall(staff, form);
      return redirectWithNotice(c, `/staff/cases/${form.to_case}`, "entry");
    }
    const form = await readForm(c, CallForm, page);
    const id = await receiveCall(staff, form);
    return redirectWithNotice(c, `/staff/cases/${id}`, noticeAfter(form));
  })
  .post("/staff/cases/:id/consent", async (c) => {
    const back = `/staff/cases/${caseId(c)}`;
    await readForm(c, EmptyForm, back);
    await recordConsent(requireStaff(c), caseId(c));
    return redirectWithNotice(c, back, "consent");
  });

/** What the page of the new case says: a number that cannot be one, or a family that needs a code to read its answer. */
function noticeAfter({ phone, answer }: CallForm): string {
  if (phone !== undefined && numberToDial(phone) === undefined) return "taken_odd_number";
  return answer === "email" ? "taken_by_mail" : "taken";
}
