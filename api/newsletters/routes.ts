import { Hono } from "hono";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, type AppContext, requireStaff } from "#api/http/context.ts";
import type { Staff } from "#db/actor.ts";
import { changeList } from "#emails/lists/change-list.ts";
import { readMaterial } from "#emails/markdown/material.ts";
import { listPublished } from "#emails/newsletters/archive.ts";
import { feedOf } from "#emails/newsletters/feed.ts";
import { isFinished } from "#emails/newsletters/newsletters.ts";
import { cancelNewsletter, pauseNewsletter, resumeNewsletter } from "#emails/newsletters/pause.ts";
import { scheduleNewsletter, unscheduleNewsletter } from "#emails/newsletters/send.ts";
import { leaveUncertain, resendRefusedCopies, resendUncertain } from "#emails/newsletters/uncertain.ts";
import { correctWeb, publishOnWeb, withdrawFromWeb } from "#emails/newsletters/web.ts";
import { createNewsletter, duplicateNewsletter, saveNewsletter, sendTest } from "#emails/newsletters/write.ts";
import { blockNamed, deleteDraft, insertBlock } from "./blocks.ts";
import {
  CorrectedCopy,
  CountForm,
  Decision,
  draftOf,
  InsertForm,
  ListForm,
  NewDraft,
  type Press,
  SavedDraft,
  SendForm,
  IssueVersionForm,
} from "./forms.ts";
import { previewFrame } from "./preview.ts";

const idOf = (c: AppContext) => c.req.param("id") ?? "";
const pageOf = (c: AppContext, id = idOf(c)) => `/staff/newsletters/${encodeURIComponent(id)}`;
const back = (c: AppContext, notice: string) => redirectWithNotice(c, pageOf(c), notice);

/** A form of one button and no field: does it to the issue, and says so on its page or on one below. */
const button =
  (act: (staff: Staff, id: string) => Promise<unknown>, notice: string, below = "") =>
  async (c: AppContext) => {
    await readForm(c, EmptyForm, pageOf(c) + below);
    await act(requireStaff(c), idOf(c));
    return redirectWithNotice(c, pageOf(c) + below, notice);
  };

/** Copies an issue as it is saved, and leads to the copy. */
async function duplicate(c: AppContext, id: string) {
  const { id: copy, isOfCorrection } = await duplicateNewsletter(requireStaff(c), id);
  return redirectWithNotice(c, pageOf(c, copy), isOfCorrection ? "duplicated_correction" : "duplicated");
}

/** Where the pressed button leads once the draft is saved; a test mail and the way to sending need subject and text. */
async function afterSave(
  c: AppContext,
  id: string,
  { press, ...draft }: { press: Press; subject: string; body: string },
  saved: string,
) {
  const page = pageOf(c, id);
  if (press === "preview" || press === "insert") return c.redirect(`${page}/${press}`, 303);
  if (press === "save") return redirectWithNotice(c, page, saved);
  if (press === "duplicate") return duplicate(c, id);
  if (!isFinished(draft)) return redirectWithNotice(c, page, "unfinished");
  if (press === "send") return c.redirect(`${page}/send`, 303);
  await sendTest(requireStaff(c), id);
  return redirectWithNotice(c, page, "tested");
}

export const newsletterRoutes = new Hono<AppEnv>()
  .get("/newsletter/feed.xml", async (c) => {
    const issues = await listPublished(20);
    const material = await readMaterial(issues.map(({ body }) => body));
    return c.body(feedOf(issues, material), 200, { "Content-Type": "application/atom+xml; charset=utf-8" });
  })
  .post("/staff/newsletters", async (c) => {
    const form = await readForm(c, NewDraft, "/staff/newsletters/new");
    return afterSave(c, await createNewsletter(requireStaff(c), draftOf(form)), form, "created");
  })
  .post("/staff/newsletters/lists/:list", async (c) => {
    const page = `/staff/newsletters/lists/${encodeURIComponent(c.req.param("list"))}`;
    const { reply_to: replyTo = "", is_public: isPublic, shown, ...named } = await readForm(c, ListForm, page);
    await changeList(requireStaff(c), c.req.param("list"), { ...named, replyTo, isPublic }, shown);
    return redirectWithNotice(c, "/staff/newsletters/lists", "saved");
  })
  .post("/staff/newsletters/:id", async (c) => {
    const form = await readForm(c, SavedDraft, pageOf(c));
    await saveNewsletter(requireStaff(c), idOf(c), { ...draftOf(form), version: form.version });
    return afterSave(c, idOf(c), form, "saved");
  })
  .post("/staff/newsletters/:id/test", async (c) => {
    const { version } = await readForm(c, IssueVersionForm, `${pageOf(c)}/preview`);
    await sendTest(requireStaff(c), idOf(c), version);
    return redirectWithNotice(c, `${pageOf(c)}/preview`, "tested");
  })
  .post("/staff/newsletters/:id/insert/:block", async (c) => {
    const form = await readForm(c, InsertForm, `${pageOf(c)}/insert`);
    await insertBlock(requireStaff(c), idOf(c), blockNamed(c.req.param("block")), form);
    return back(c, "inserted");
  })
  .post("/staff/newsletters/:id/duplicate", async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    return duplicate(c, idOf(c));
  })
  .post("/staff/newsletters/:id/delete", async (c) => {
    const { version } = await readForm(c, IssueVersionForm, `${pageOf(c)}/delete`);
    await deleteDraft(requireStaff(c), idOf(c), version);
    return redirectWithNotice(c, "/staff/newsletters", "deleted");
  })
  .get("/staff/newsletters/:id/mail", previewFrame)
  .post("/staff/newsletters/:id/send", async (c) => {
    const sending = await readForm(c, SendForm, `${pageOf(c)}/send`);
    await scheduleNewsletter(requireStaff(c), idOf(c), sending, { ask: c.get("ask") });
    return back(c, sending.at === undefined ? "starting" : "scheduled");
  })
  .post("/staff/newsletters/:id/unschedule", button(unscheduleNewsletter, "unscheduled"))
  .post("/staff/newsletters/:id/pause", button(pauseNewsletter, "paused"))
  .post("/staff/newsletters/:id/resume", button(resumeNewsletter, "resumed"))
  .post("/staff/newsletters/:id/cancel", button(cancelNewsletter, "cancelled"))
  .post("/staff/newsletters/:id/uncertain/resend", async (c) => {
    const decision = await readForm(c, Decision, `${pageOf(c)}/uncertain`);
    await resendUncertain(requireStaff(c), idOf(c), decision);
    return redirectWithNotice(c, `${pageOf(c)}/uncertain`, "resent");
  })
  .post("/staff/newsletters/:id/uncertain/leave", async (c) => {
    const decision = await readForm(c, Decision, `${pageOf(c)}/uncertain`);
    await leaveUncertain(requireStaff(c), idOf(c), decision);
    return redirectWithNotice(c, `${pageOf(c)}/uncertain`, "left");
  })
  .post("/staff/newsletters/:id/refused/resend", async (c) => {
    await resendRefusedCopies(requireStaff(c), idOf(c), await readForm(c, CountForm, pageOf(c)));
    return back(c, "resent");
  })
  .post("/staff/newsletters/:id/web", async (c) => {
    const correction = await readForm(c, CorrectedCopy, `${pageOf(c)}/web`);
    await correctWeb(requireStaff(c), idOf(c), correction);
    return redirectWithNotice(c, `${pageOf(c)}/web`, "corrected");
  })
  .post("/staff/newsletters/:id/web/publish", button(publishOnWeb, "published", "/web"))
  .post("/staff/newsletters/:id/web/withdraw", button(withdrawFromWeb, "withdrawn", "/web"));
