import { Hono } from "hono";
import { caseId } from "#api/case-access/case-id.ts";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppContext, type AppEnv, requireStaff } from "#api/http/context.ts";
import { NotFound } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { JournalForm, ReminderForm } from "./forms.ts";
import { addEntryAndReminder, finishReminder, remind } from "./remind.ts";

const page = (c: AppContext) => `/staff/cases/${caseId(c)}`;

export const reminderRoutes = new Hono<AppEnv>()
  .basePath("/staff/cases/:id")
  .post("/entries", async (c) => {
    await addEntryAndReminder(requireStaff(c), caseId(c), await readForm(c, JournalForm, page(c)));
    return redirectWithNotice(c, page(c), "entry");
  })
  .post("/reminders", async (c) => {
    await remind(requireStaff(c), caseId(c), await readForm(c, ReminderForm, page(c)));
    return redirectWithNotice(c, page(c), "reminded");
  })
  .post("/reminders/:reminder/done", async (c) => {
    await readForm(c, EmptyForm, page(c));
    const id = c.req.param("reminder");
    if (!isId(id)) throw new NotFound("reminder");
    await finishReminder(requireStaff(c), caseId(c), id);
    return redirectWithNotice(c, page(c), "reminder_done");
  });
