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
    if (c.req.method === "POST") await returnUnsavedText(c, "/staff/two-factor", toEnrol, () => c.set("staff", person));
    return c.redirect("/staff/two-factor", 303);
  }
  if (c.req.method === "POST") await returnUnsavedText(c, "/staff/sign-in", toSignIn);
  const here = c.req.method === "GET" ? `?next=${encodeURIComponent(path + new URL(c.req.url).search)}` : "";
  return c.redirect(`/staff/sign-in${here}`, 303);
}

/** What is said of a form with something typed in it, and of a button alone. */
interface NotDone {
  words: string;
  button: string;
}

const toSignIn: NotDone = {
  words:
    "ログインの時間が切れたため、まだ保存されていません。書いた文章は、この下に残っています。ログインすると、元の画面に入っています。",
  button:
    "ログインの時間が切れたため、押したボタンの仕事は、まだ行われていません。ログインすると元の画面にもどるので、もう一度押してください。",
};
const toEnrol: NotDone = {
  words:
    "先に認証アプリの設定が必要なため、まだ保存されていません。書いた文章は、この下に残っています。設定を終えると、元の画面に入っています。",
  button:
    "先に認証アプリの設定が必要なため、押したボタンの仕事は、まだ行われていません。設定を終えると元の画面にもどるので、もう一度押してください。",
};

/** A form without a file is never larger, in bytes. */
const largestWithoutFile = 200_000;

/**
 * A form sent after its session ended, or by somebody who has to enrol an authenticator app first: what was typed is shown
 * on the page for signing in or enrolling (401), which carries it until that is done; then it is a draft, so that
 * nobody has to write a journal entry twice. The page also says that nothing was done where a button alone was pressed.
 * `before` runs first.
 */
async function returnUnsavedText(
  c: AppContext,
  shownOn: string,
  { words, button }: NotDone,
  before?: () => void,
): Promise<void> {
  const form = c.req.path;
  if (!isKeyedForm(form)) return;
  // Without a session no 20 MB are read into memory; the browser's Back still has the form.
  const isRead = !isUpload(form) || Number(c.req.header("content-length") ?? Infinity) <= largestWithoutFile;
  const { values: body } = isRead ? await readBody(c).catch(() => ({ values: {} })) : { values: {} };
  const { key, draft }: Record<string, unknown> = body;
  const values = keptValues(body);
  before?.();
  const page = pageBehind(form, c.req.header("referer")) ?? "/staff";
  c.set("page", shownOn);
  c.set("submitted", { next: page, unsaved: JSON.stringify({ form, page, values, key, draft }) });
  throw new SignedOut(hasWords(values) ? words : button);
}
