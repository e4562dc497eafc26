/** The keyword report as a file, and importing cost; the screens are in site/pages/staff/keywords. */

import { setTimeout } from "node:timers/promises";
import { Hono } from "hono";
import { undoImport } from "#analytics/imports/undo.ts";
import {
  beginImport,
  chooseForUpload,
  importUpload,
  openUpload,
  readUpload,
  storeUpload,
} from "#analytics/imports/uploads.ts";
import { exportKeywords } from "#analytics/report-view/export.ts";
import { viewFromInput } from "#analytics/report-view/view.ts";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppContext, type AppEnv, requireStaff } from "#api/http/context.ts";
import { NewUpload, UploadChoiceForm } from "./forms.ts";

const importsPage = "/staff/keywords/imports";
const uploadPage = (id: string) => `/staff/keywords/uploads/${encodeURIComponent(id)}`;

/** Milliseconds that a request waits for a file to be read; longer ones go on, and the page shows how far they are. */
const timeoutMs = 3000;
const forAMoment = (work: Promise<void>) => Promise.race([work, setTimeout(timeoutMs, undefined, { ref: false })]);

const idOf = (c: AppContext) => c.req.param("id") ?? "";

export const keywordRoutes = new Hono<AppEnv>()
  .get("/staff/keywords.csv", async (c) => {
    const view = viewFromInput(c.req.query());
    const csv = await exportKeywords(requireStaff(c), view);
    const { from, to } = view.period;
    return c.body(csv, 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="keywords-${from}-${to}.csv"`,
      "Cache-Control": "no-store",
    });
  })
  .post("/staff/keywords/uploads", async (c) => {
    const staff = requireStaff(c);
    const { file } = await readForm(c, NewUpload, importsPage);
    const id = await storeUpload(staff, { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    await forAMoment(readUpload(staff, id));
    return c.redirect(uploadPage(id), 303);
  })
  .post("/staff/keywords/uploads/:id", async (c) => {
    const staff = requireStaff(c);
    const id = idOf(c);
    await openUpload(staff, id);
    const { account, currency, time_zone: timeZone, from, to } = await readForm(c, UploadChoiceForm, uploadPage(id));
    const period = from === undefined || to === undefined ? undefined : { from, to };
    await chooseForUpload(staff, id, { account, currency, timeZone, period });
    await forAMoment(readUpload(staff, id));
    return c.redirect(uploadPage(id), 303);
  })
  .post("/staff/keywords/uploads/:id/import", async (c) => {
    const staff = requireStaff(c);
    const id = idOf(c);
    await readForm(c, EmptyForm, uploadPage(id));
    await beginImport(staff, id);
    await forAMoment(importUpload(staff, id));
    return c.redirect(uploadPage(id), 303);
  })
  .post("/staff/keywords/imports/:id/undo", async (c) => {
    const id = idOf(c);
    await readForm(c, EmptyForm, `${importsPage}/${encodeURIComponent(id)}`);
    await undoImport(requireStaff(c), id);
    return redirectWithNotice(c, importsPage, "undone");
  });
