import { Hono } from "hono";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { Refused } from "#db/errors.ts";
import { draftWords } from "#db/words/staff/drafts.ts";
import { keyHmacOf } from "./form-keys.ts";
import { DraftForm } from "./forms.ts";
import { dropDraft, saveDraft } from "./save.ts";
import { keptValues } from "./unsent.ts";

export const draftRoutes = new Hono<AppEnv>()
  /** Every few seconds while somebody types (site/public/drafts.js). */
  .post("/staff/drafts", async (c) => {
    const { draft_form, draft_page, draft_key, draft_id, ...fields } = await readForm(c, DraftForm);
    const { id } = requireStaff(c);
    const unsent = { form: draft_form, page: draft_page, values: keptValues(fields), errors: {} };
    const showing = { keyHmac: keyHmacOf(id, draft_key), draftId: draft_id };
    const outcome = await saveDraft(id, unsent, showing);
    if (outcome === "erased") throw new Refused(draftWords.erased);
    return c.body(null, 204);
  })
  .post("/staff/drafts/:id/drop", async (c) => {
    await readForm(c, EmptyForm, "/staff");
    return c.redirect(await dropDraft(requireStaff(c).id, c.req.param("id")), 303);
  });
