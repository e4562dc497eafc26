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
  if (staff) {
    const { isEnrolled: _, ...person } = staff;
    // The page for enrolling is shown to this person; no route is reached.
    if (c.req.method !== "GET") await returnUnsavedText(c, "/staff/two-factor", toEnrol, () => c.set("staff", person));
    return c.redirect("/staff/two-factor", 303);
  }
  if (c.req.method !== "GET") await returnUnsavedText(c, "/staff/sign-in", toSignIn);
  const here = c.req.method === "GET" ? `?next=${encodeURIComponent(path + new URL(c.req.url).search)}` : "";
  return c.redirect(`/staff/sign-in${here}`, 303);
}

const toSignIn =
  "ログインの時間が切れたため、まだ保存されていません。書いた文章は、この下に残っています。ログインすると、元の画面に入っています。";
const toEnrol =
  "先に認証アプリの設定が必要なため、まだ保存されていません。書いた文章は、この下に残っています。設定を終えると、元の画面に入っています。";

/**
 * A form sent after its session ended, or by somebody who has to enrol an authenticator app first: its words are shown
 * on the page for signing in or enrolling (401), which carries them until that is done; then they are a draft, so that
 * nobody has to write a journal entry twice. `before` runs when there are such words.
 */
async function returnUnsavedText(c: AppContext, shownOn: string, why: string, before?: () => void): Promise<void> {
  // Without a session no 20 MB are read into memory; the browser's Back still has the form.
  const form = c.req.path;
  if (isUpload(form) || !isKeyedForm(form)) return;
  const { values: body } = await readBody(c).catch(() => ({ values: {} as Record<string, unknown> }));
  const values = keptValues(body);
  if (!hasWords(values)) return;
  before?.();
  const page = pageBehind(form, c.req.header("referer")) ?? "/staff";
  c.set("page", shownOn);
  c.set("submitted", {
    next: page,
    unsaved: JSON.stringify({ form, page, values, key: body["key"], draft: body["draft"] }),
  });
  throw new SignedOut(why);
}
