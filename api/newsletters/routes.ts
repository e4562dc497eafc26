import { Hono } from "hono";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, type AppContext, requireStaff } from "#api/http/context.ts";
import { listPublished } from "#emails/newsletters/archive.ts";
import { feedOf } from "#emails/newsletters/feed.ts";
import { sendNewsletter } from "#emails/newsletters/send.ts";
import { resendUncertain } from "#emails/newsletters/uncertain.ts";
import { createNewsletter, saveNewsletter, sendTest } from "#emails/newsletters/write.ts";
import { NewDraft, SavedDraft, Sending } from "./forms.ts";

const pageOf = (c: AppContext) => `/staff/newsletters/${encodeURIComponent(c.req.param("id") ?? "")}`;
const back = (c: AppContext, notice: string) => redirectWithNotice(c, pageOf(c), notice);

export const newsletterRoutes = new Hono<AppEnv>()
  .get("/newsletter/feed.xml", async (c) =>
    c.body(feedOf(await listPublished(20)), 200, { "Content-Type": "application/atom+xml; charset=utf-8" }),
  )
  .post("/staff/newsletters", async (c) => {
    const id = await createNewsletter(requireStaff(c), await readForm(c, NewDraft, "/staff/newsletters/new"));
    return redirectWithNotice(c, `/staff/newsletters/${id}`, "created");
  })
  .post("/staff/newsletters/:id", async (c) => {
    await saveNewsletter(requireStaff(c), c.req.param("id"), await readForm(c, SavedDraft, pageOf(c)));
    return back(c, "saved");
  })
  .post("/staff/newsletters/:id/test", async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await sendTest(requireStaff(c), c.req.param("id"));
    return back(c, "tested");
  })
  .post("/staff/newsletters/:id/send", async (c) => {
    const { version } = await readForm(c, Sending, pageOf(c));
    await sendNewsletter(requireStaff(c), c.req.param("id"), version);
    return back(c, "sent");
  })
  .post("/staff/newsletters/:id/resend", async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await resendUncertain(requireStaff(c), c.req.param("id"));
    return back(c, "resent");
  });
