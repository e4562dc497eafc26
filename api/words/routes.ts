import { Hono } from "hono";
import { saveAsDraft } from "#api/drafts/staff-forms.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppContext, type AppEnv, requireStaff } from "#api/http/context.ts";
import { NotFound } from "#db/errors.ts";
import { codes } from "#db/terms/codes.ts";
import { locale as locales } from "#db/terms/locale.ts";
import { findSection } from "#db/words/sections.ts";
import { keepText, moveText, restoreText, saveText, takeBackText } from "./change.ts";
import { MoveForm, RestoreTextForm, TextForm, TextVersionForm } from "./forms.ts";

const pageOf = (c: AppContext) => `/staff/words/${encodeURIComponent(c.req.param("id") ?? "")}`;
const back = (c: AppContext, notice: string) => redirectWithNotice(c, pageOf(c), notice);

/** The section and the language in the path; the version is the form's. */
function textAt(c: AppContext, version: number) {
  const locale = codes(locales).find((code) => code === c.req.param("locale"));
  if (locale === undefined) throw new NotFound();
  return { section: c.req.param("id") ?? "", locale, version };
}

export const textRoutes = new Hono<AppEnv>()
  .post("/staff/words/:id/:locale", async (c) => {
    const { body, version, look } = await readForm(c, TextForm, pageOf(c));
    const at = textAt(c, version);
    if (look !== undefined) {
      await saveAsDraft(c, pageOf(c));
      return c.redirect(`${pageOf(c)}#${at.locale}`, 303);
    }
    await saveText(requireStaff(c), at, body);
    return back(c, "saved");
  })
  .post("/staff/words/:id/:locale/take-back", async (c) => {
    const { version } = await readForm(c, TextVersionForm, pageOf(c));
    const at = textAt(c, version);
    await takeBackText(requireStaff(c), at);
    // Of a section that is gone nothing is left to show.
    return findSection(at.section) === undefined
      ? redirectWithNotice(c, "/staff/words", "deleted")
      : back(c, "taken_back");
  })
  .post("/staff/words/:id/:locale/restore", async (c) => {
    const { version, change } = await readForm(c, RestoreTextForm, pageOf(c));
    await restoreText(requireStaff(c), textAt(c, version), change);
    return back(c, "restored");
  })
  .post("/staff/words/:id/:locale/keep", async (c) => {
    const { version } = await readForm(c, TextVersionForm, pageOf(c));
    await keepText(requireStaff(c), textAt(c, version));
    return back(c, "kept");
  })
  .post("/staff/words/:id/:locale/move", async (c) => {
    const { version, to } = await readForm(c, MoveForm, pageOf(c));
    await moveText(requireStaff(c), textAt(c, version), to);
    return c.redirect(`/staff/words/${encodeURIComponent(to)}?done=moved`, 303);
  });
