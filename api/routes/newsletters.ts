import { Hono } from "hono";
import { listPublished } from "#emails/archive.ts";
import { feedOf } from "#emails/feed.ts";
import { createNewsletter, resendUncertain, saveNewsletter, sendNewsletter, sendTest } from "#emails/newsletters.ts";
import { type House, type HouseContext, staffOf } from "../context.ts";
import { NewDraft, Press, SavedDraft, Sending } from "../forms/newsletters.ts";
import { submitted } from "../submit.ts";

const pageOf = (c: HouseContext) => `/staff/newsletters/${encodeURIComponent(c.req.param("id") ?? "")}`;
const back = (c: HouseContext, done: string) => c.redirect(`${pageOf(c)}?done=${done}`, 303);

export const newsletters = new Hono<House>()
  .get("/newsletter/feed.xml", async (c) =>
    c.body(feedOf(await listPublished(20)), 200, { "Content-Type": "application/atom+xml; charset=utf-8" }),
  )
  .post("/staff/newsletters", async (c) => {
    const id = await createNewsletter(staffOf(c), await submitted(c, NewDraft, "/staff/newsletters/new"));
    return c.redirect(`/staff/newsletters/${id}?done=created`, 303);
  })
  .post("/staff/newsletters/:id", async (c) => {
    await saveNewsletter(staffOf(c), c.req.param("id"), await submitted(c, SavedDraft, pageOf(c)));
    return back(c, "saved");
  })
  .post("/staff/newsletters/:id/test", async (c) => {
    await submitted(c, Press, pageOf(c));
    await sendTest(staffOf(c), c.req.param("id"));
    return back(c, "tested");
  })
  .post("/staff/newsletters/:id/send", async (c) => {
    const { version } = await submitted(c, Sending, pageOf(c));
    await sendNewsletter(staffOf(c), c.req.param("id"), version);
    return back(c, "sent");
  })
  .post("/staff/newsletters/:id/resend", async (c) => {
    await submitted(c, Press, pageOf(c));
    await resendUncertain(staffOf(c), c.req.param("id"));
    return back(c, "resent");
  });
