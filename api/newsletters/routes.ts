import { Hono } from "hono";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, type AppContext, requireStaff } from "#api/http/context.ts";
import { listPublished } from "#emails/newsletters/archive.ts";
import { feedOf } from "#emails/newsletters/feed.ts";
import { cancelNewsletter, pauseNewsletter, resumeNewsletter } from "#emails/newsletters/pause.ts";
import { scheduleNewsletter, unscheduleNewsletter } from "#emails/newsletters/send.ts";
import { leaveUncertain, resendUncertain } from "#emails/newsletters/uncertain.ts";
import { correctWeb, publishOnWeb, withdrawFromWeb } from "#emails/newsletters/web.ts";
import { createNewsletter, saveNewsletter, sendTest } from "#emails/newsletters/write.ts";
import { CorrectedCopy, Decision, NewDraft, SavedDraft, Sending } from "./forms.ts";

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
    const sending = await readForm(c, Sending, `${pageOf(c)}/send`);
    await scheduleNewsletter(requireStaff(c), c.req.param("id"), sending);
    return back(c, "scheduled");
  })
  .post("/staff/newsletters/:id/unschedule", async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await unscheduleNewsletter(requireStaff(c), c.req.param("id"));
    return back(c, "unscheduled");
  })
  .post("/staff/newsletters/:id/pause", async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await pauseNewsletter(requireStaff(c), c.req.param("id"));
    return back(c, "paused");
  })
  .post("/staff/newsletters/:id/resume", async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await resumeNewsletter(requireStaff(c), c.req.param("id"));
    return back(c, "resumed");
  })
  .post("/staff/newsletters/:id/cancel", async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await cancelNewsletter(requireStaff(c), c.req.param("id"));
    return back(c, "cancelled");
  })
  .post("/staff/newsletters/:id/uncertain/resend", async (c) => {
    const decision = await readForm(c, Decision, `${pageOf(c)}/uncertain`);
    await resendUncertain(requireStaff(c), c.req.param("id"), decision);
    return redirectWithNotice(c, `${pageOf(c)}/uncertain`, "resent");
  })
  .post("/staff/newsletters/:id/uncertain/leave", async (c) => {
    const decision = await readForm(c, Decision, `${pageOf(c)}/uncertain`);
    await leaveUncertain(requireStaff(c), c.req.param("id"), decision);
    return redirectWithNotice(c, `${pageOf(c)}/uncertain`, "left");
  })
  .post("/staff/newsletters/:id/web", async (c) => {
    const correction = await readForm(c, CorrectedCopy, `${pageOf(c)}/web`);
    await correctWeb(requireStaff(c), c.req.param("id"), correction);
    return redirectWithNotice(c, `${pageOf(c)}/web`, "corrected");
  })
  .post("/staff/newsletters/:id/web/publish", async (c) => {
    await readForm(c, EmptyForm, `${pageOf(c)}/web`);
    await publishOnWeb(requireStaff(c), c.req.param("id"));
    return redirectWithNotice(c, `${pageOf(c)}/web`, "published");
  })
  .post("/staff/newsletters/:id/web/withdraw", async (c) => {
    await readForm(c, EmptyForm, `${pageOf(c)}/web`);
    await withdrawFromWeb(requireStaff(c), c.req.param("id"));
    return redirectWithNotice(c, `${pageOf(c)}/web`, "withdrawn");
  });
