/** Everything under /staff needs a session, except signing in and accepting an invitation. */

import { readBody } from "#api/http/bodies.ts";
import type { AppContext } from "#api/http/context.ts";
import { isUpload } from "#api/http/uploads.ts";
import { env } from "#db/env.ts";
import { SignedOut } from "#db/errors.ts";
import { currentStaff } from "./session.ts";
import { countForbidden } from "./trace.ts";

const isOpen = (path: string) => /^\/staff\/(?:sign-in(?:\/code)?|invitations\/[\w-]+)$/u.test(path);
const isEnrolling = (path: string) => path === "/staff/two-factor" || path === "/staff/sign-out";

/** Middleware: sets `staff` on the context, or redirects to the page for signing in or for the second factor. */
export async function staffGuard(c: AppContext, next: () => Promise<void>): Promise<Response | void> {
  const staff = await currentStaff(c.req.raw.headers);
  const { path } = c.req;
  if (staff?.isEnrolled || (staff && isEnrolling(path))) {
    const { isEnrolled: _, ...person } = staff;
    c.set("staff", person);
    await next();
    if (c.res.status === 403) await countForbidden(person.id);
    return;
  }
  if (isOpen(path)) return next();
  if (staff) return c.redirect("/staff/two-factor", 303);
  if (c.req.method !== "GET") await returnUnsavedText(c);
  const here = c.req.method === "GET" ? `?next=${encodeURIComponent(path + new URL(c.req.url).search)}` : "";
  return c.redirect(`/staff/sign-in${here}`, 303);
}

/** Fields in which somebody may have been writing for longer than a session lasts. */
const textFields = ["subject", "body", "what", "reply"];

/**
 * A form sent after its session ended: its texts are shown on the sign-in page (401), so that nobody has to
 * write a journal entry twice.
 */
async function returnUnsavedText(c: AppContext): Promise<void> {
  // Without a session no 20 MB are read into memory; the browser's Back still has the form.
  if (isUpload(c.req.path)) return;
  const { values: body } = await readBody(c).catch(() => ({ values: {} as Record<string, unknown> }));
  const unsaved = textFields.map((name) => body[name]).filter((text) => typeof text === "string");
  if (unsaved.length === 0) return;
  const from = URL.parse(c.req.header("referer") ?? "", env.PUBLIC_ORIGIN)?.pathname;
  c.set("page", "/staff/sign-in");
  c.set("submitted", { next: from, unsaved: unsaved.join("\n\n") });
  throw new SignedOut("ログインの時間が切れたため、まだ保存されていません。書いた文章は、この下に残っています。");
}
