import { Hono } from "hono";
import { saveUnsaved } from "#api/drafts/save-unsaved.ts";
import { readForm } from "#api/forms/read-form.ts";
import type { AppContext, AppEnv } from "#api/http/context.ts";
import { firstPageFor } from "#api/readiness/readiness.ts";
import { auth, offeredPaths } from "./auth.ts";
import { CodeForm, SignInForm } from "./forms.ts";
import { networkHeader } from "./hooks.ts";
import { countedAddress, redirectWithCookies, requestAuth, signIn, throwRefusal } from "./sign-in.ts";

/** The page on which somebody sets up their authenticator app. */
const enrolment = "/staff/two-factor";

/** The second step: a TOTP code or a backup code. */
async function verifyCode(c: AppContext, page: string): Promise<Response> {
  const { code, next, unsaved } = await readForm(c, CodeForm, page);
  const isBackup = code.includes("-");
  const answer = await requestAuth(c, isBackup ? "/two-factor/verify-backup-code" : "/two-factor/verify-totp", {
    code,
  });
  throwRefusal(answer, {
    code: "数字がちがうか、すでに使われたか、時間が過ぎています。アプリの数字が変わったら、新しい数字を入力してください。",
  });
  if (unsaved) {
    const { user } = (await answer.clone().json()) as { user?: { id: string } };
    if (user) await saveUnsaved(user.id, unsaved);
  }
  return redirectWithCookies(c, answer, page === enrolment && next === "/staff" ? await firstPage(c) : next);
}

/** Somebody's first sign-in: a manager who is the first here is led to the first questions, once. */
async function firstPage(c: AppContext): Promise<string> {
  const staff = c.get("staff");
  return (staff && (await firstPageFor(staff))) ?? "/staff";
}

export const signInRoutes = new Hono<AppEnv>()
  .post("/staff/sign-in", async (c) => {
    const form = await readForm(c, SignInForm, "/staff/sign-in");
    return signIn(c, form.email.normalize("NFKC").trim(), form.password, form);
  })
  .post("/staff/sign-in/code", (c) => verifyCode(c, "/staff/sign-in/code"))
  .post("/staff/two-factor", (c) => verifyCode(c, enrolment))
  .post("/staff/sign-out", async (c) => redirectWithCookies(c, await requestAuth(c, "/sign-out", {}), "/staff/sign-in"))
  /** The same as better-auth's own JSON interface, for programs. The address header of the request is overwritten. */
  .on(
    "POST",
    offeredPaths.map((path) => `/api/auth${path}`),
    (c) => {
      const headers = new Headers(c.req.raw.headers);
      headers.set(networkHeader, countedAddress(c));
      return auth().handler(new Request(c.req.raw, { headers }));
    },
  );
