import { Hono } from "hono";
import { caseId } from "#api/case-access/case-id.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { type CorrectedContact, correctContact } from "./correct.ts";
import { ContactForm } from "./forms.ts";

/** The word of db/words/saved-notices.ts for what was done. */
const noticeOf = ({ fields, isResent, isBouncing }: CorrectedContact): string => {
  if (isResent) return fields.length > 0 ? "contact_resent" : "mail_resent";
  if (isBouncing) return "contact_bouncing";
  return fields.length > 0 ? "contact_saved" : "contact_same";
};

export const contactRoutes = new Hono<AppEnv>().post("/staff/cases/:id/contact", async (c) => {
  const id = caseId(c);
  const form = await readForm(c, ContactForm, `/staff/cases/${id}/contact`);
  return redirectWithNotice(c, `/staff/cases/${id}`, noticeOf(await correctContact(requireStaff(c), id, form)));
});
