/** Everything under /staff needs a session, except signing in and accepting an invitation. */

import { hasWords, isKeyedForm, keptValues, pageBehind } from "#api/drafts/unsent.ts";
import { readBody } from "#api/http/bodies.ts";
import type { AppContext } from "#api/http/context.ts";
import { isUpload } from "#api/http/uploads.ts";
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

/**
 * A form sent after its session ended: its words are shown on the sign-in page (401), which carries them until
 * somebody has signed in; then they are a draft, so that nobody has to write a journal entry twice.
 */
async function returnUnsavedText(c: AppContext): Promise<void> {
  // Without a session no 20 MB are read into memory; the browser's Back still has the form.
  const form = c.req.path;
  if (isUpload(form) || !isKeyedForm(form)) return;
  const { values: body } = await readBody(c).catch(() => ({ values: {} as Record<string, unknown> }));
  const values = keptValues(body);
  if (!hasWords(values)) return;
  const page = pageBehind(form, c.req.header("referer")) ?? "/staff";
  c.set("page", "/staff/sign-in");
  c.set("submitted", {
    next: page,
    unsaved: JSON.stringify({ form, page, values, key: body["key"], draft: body["draft"] }),
  });
  throw new SignedOut(
    "ログインの時間が切れたため、まだ保存されていません。書いた文章は、この下に残っています。ログインすると、元の画面に入っています。",
  );
}
