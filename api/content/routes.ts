import { Hono } from "hono";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppContext, type AppEnv, requireStaff } from "#api/http/context.ts";
import { archiveEntry, bringBackEntry, deleteEntry } from "./archive.ts";
import { kindOf, localeOf } from "./entries.ts";
import {
  ContentEntryForm,
  type EntryInput,
  KeepForm,
  OrderForm,
  PublishForm,
  RestoreEntryForm,
  ScheduleForm,
  EntryVersionForm,
} from "./forms.ts";
import { moveEntry } from "./order.ts";
import { cancelSchedule, keepTranslation, publishText, type TextAt, withdrawText } from "./publish.ts";
import { createEntry, restoreRevision, type Saved, saveEntry } from "./save.ts";

const kindIn = (c: AppContext) => kindOf(c.req.param("kind"));
const listOf = (c: AppContext) => `/staff/content/${kindIn(c)}`;
const idOf = (c: AppContext) => c.req.param("id") ?? "";
const pageOf = (c: AppContext) => `${listOf(c)}/${encodeURIComponent(idOf(c))}`;
const back = (c: AppContext, notice: string) => redirectWithNotice(c, pageOf(c), notice);

/** The entry and the language in the path. */
const textAt = (c: AppContext): TextAt => ({
  ...{ staff: requireStaff(c), kind: kindIn(c), id: idOf(c) },
  locale: localeOf(c.req.param("locale")),
});

/** 「保存して見る」 leads to the preview, the other buttons to the entry. */
function afterSave(c: AppContext, { pressed }: EntryInput, { id, ...saved }: Saved, isNew: boolean) {
  const page = `${listOf(c)}/${id}`;
  if (pressed?.act === "look") return c.redirect(`${page}/preview/${pressed.locale}`, 303);
  return redirectWithNotice(c, page, noticeOf(saved, isNew));
}

function noticeOf({ locales: written, facts, published }: Omit<Saved, "id">, isNew: boolean): string {
  if (published !== undefined) return published;
  if (isNew) return "created";
  if (written.length > 0) return "saved";
  return facts ? "facts_saved" : "unchanged";
}

export const contentRoutes = new Hono<AppEnv>()
  .post("/staff/content/:kind/new", async (c) => {
    const input = await readForm(c, ContentEntryForm[kindIn(c)], `${listOf(c)}/new`);
    return afterSave(c, input, await createEntry(requireStaff(c), kindIn(c), input), true);
  })
  .post("/staff/content/:kind/order", async (c) => {
    const { move, ...form } = await readForm(c, OrderForm, listOf(c));
    await moveEntry(requireStaff(c), kindIn(c), { ...move, ...form });
    return c.redirect(`${listOf(c)}?done=moved#entry-${move.id}`, 303);
  })
  .post("/staff/content/:kind/:id", async (c) => {
    const input = await readForm(c, ContentEntryForm[kindIn(c)], pageOf(c));
    return afterSave(c, input, await saveEntry(requireStaff(c), kindIn(c), idOf(c), input), false);
  })
  .post("/staff/content/:kind/:id/archive", async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await archiveEntry(requireStaff(c), kindIn(c), idOf(c));
    return back(c, "archived");
  })
  .post("/staff/content/:kind/:id/bring-back", async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await bringBackEntry(requireStaff(c), kindIn(c), idOf(c));
    return back(c, "brought_back");
  })
  .post("/staff/content/:kind/:id/delete", async (c) => {
    await readForm(c, EmptyForm, pageOf(c));
    await deleteEntry(requireStaff(c), kindIn(c), idOf(c));
    return redirectWithNotice(c, listOf(c), "deleted");
  })
  .post("/staff/content/:kind/:id/:locale/publish", async (c) => {
    const form = await readForm(c, PublishForm, pageOf(c));
    return back(c, await publishText(textAt(c), form));
  })
  .post("/staff/content/:kind/:id/:locale/schedule", async (c) => {
    const { at: publishAt, ...form } = await readForm(c, ScheduleForm, pageOf(c));
    return back(c, await publishText(textAt(c), { ...form, publishAt }));
  })
  .post("/staff/content/:kind/:id/:locale/cancel", async (c) => {
    const { version } = await readForm(c, EntryVersionForm, pageOf(c));
    await cancelSchedule(textAt(c), version);
    return back(c, "cancelled");
  })
  .post("/staff/content/:kind/:id/:locale/withdraw", async (c) => {
    const { version } = await readForm(c, EntryVersionForm, pageOf(c));
    await withdrawText(textAt(c), version);
    return back(c, "withdrawn");
  })
  .post("/staff/content/:kind/:id/:locale/restore", async (c) => {
    await restoreRevision(textAt(c), await readForm(c, RestoreEntryForm, pageOf(c)));
    return back(c, "restored");
  })
  .post("/staff/content/:kind/:id/:locale/keep", async (c) => {
    await keepTranslation(textAt(c), await readForm(c, KeepForm, pageOf(c)));
    return back(c, "kept");
  });
