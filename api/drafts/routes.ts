import { Hono } from "hono";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { Refused } from "#db/errors.ts";
import { draftWords } from "#db/words/staff/drafts.ts";
import { keyHmacOf } from "./form-keys.ts";
import { DraftForm, DropForm } from "./forms.ts";
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
    const { from } = await readForm(c, DropForm, "/staff");
    const page = await dropDraft(requireStaff(c).id, c.req.param("id"));
    return c.redirect(from === "list" ? "/staff/drafts?done=dropped" : page, 303);
  });
