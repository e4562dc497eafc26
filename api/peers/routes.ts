import { Hono } from "hono";
import { caseId } from "#api/case-access/case-id.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { NotFound } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { BriefForm, EntryShownForm } from "./forms.ts";
import { showEntryToPeers, writeBrief } from "./write-brief.ts";

export const peerRoutes = new Hono<AppEnv>()
  .basePath("/staff/cases/:id")
  .post("/brief", async (c) => {
    const id = caseId(c);
    await writeBrief(requireStaff(c), id, await readForm(c, BriefForm, `/staff/cases/${id}/brief`));
    return redirectWithNotice(c, `/staff/cases/${id}`, "brief");
  })
  .post("/entries/:entry/peers", async (c) => {
    const page = `/staff/cases/${caseId(c)}`;
    const { shown } = await readForm(c, EntryShownForm, page);
    const entry = c.req.param("entry");
    if (!isId(entry)) throw new NotFound("entry");
    await showEntryToPeers(requireStaff(c), caseId(c), entry, shown);
    return redirectWithNotice(c, page, shown ? "entry_shown" : "entry_hidden");
  });
