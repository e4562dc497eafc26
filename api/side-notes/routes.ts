import { Hono } from "hono";
import { caseId } from "#api/case-access/case-id.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { SideNoteForm } from "./forms.ts";
import { writeSideNote } from "./write-side-note.ts";

export const sideNoteRoutes = new Hono<AppEnv>().post("/staff/cases/:id/side-note", async (c) => {
  const page = `/staff/cases/${caseId(c)}`;
  await writeSideNote(requireStaff(c), caseId(c), await readForm(c, SideNoteForm, page));
  return redirectWithNotice(c, page, "side_note");
});
