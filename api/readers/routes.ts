import { Hono } from "hono";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppContext, type AppEnv, requireStaff } from "#api/http/context.ts";
import { readerPage } from "#emails/lists/erase.ts";
import { correctReader } from "#emails/readers/correct.ts";
import { eraseReaderOnRequest } from "#emails/readers/erase.ts";
import { searchReader } from "#emails/readers/find.ts";
import { resendConfirmation } from "#emails/readers/resend-confirmation.ts";
import { stopEverything, stopList } from "#emails/readers/stop.ts";
import { CorrectForm, FindForm, StopForm } from "./forms.ts";

const search = "/staff/newsletters/readers";
const pageOf = (c: AppContext) => readerPage(encodeURIComponent(c.req.param("id") ?? ""));
const back = (c: AppContext, notice: string) => redirectWithNotice(c, pageOf(c), notice);

export const readerRoutes = new Hono<AppEnv>()
  /** Sent as a form, so that the address stands in no URL and no log; the page it leads to is named by an id. */
  .post(search, async (c) => {
    const { email } = await readForm(c, FindForm, search);
    return c.redirect(readerPage(await searchReader(requireStaff(c), email)), 303);
  })
  .post(`${search}/:id/stop`, async (c) => {
    const { list } = await readForm(c, StopForm, pageOf(c));
    await stopList(requireStaff(c), c.req.param("id"), list);
    return back(c, "stopped");
  })
  .post(`${search}/:id/stop-everything`, async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await stopEverything(requireStaff(c), c.req.param("id"));
    return back(c, "stopped_everything");
  })
  .post(`${search}/:id/confirmation`, async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await resendConfirmation(requireStaff(c), c.req.param("id"));
    return back(c, "confirmation");
  })
  .post(`${search}/:id/correct`, async (c) => {
    const { email } = await readForm(c, CorrectForm, pageOf(c));
    const { id, outcome } = await correctReader(requireStaff(c), c.req.param("id"), email);
    return redirectWithNotice(c, readerPage(id), outcome);
  })
  .post(`${search}/:id/erase`, async (c) => {
    await readForm(c, EmptyForm, `${pageOf(c)}/erase`);
    await eraseReaderOnRequest(requireStaff(c), c.req.param("id"));
    return redirectWithNotice(c, search, "erased");
  });
