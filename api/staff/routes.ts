import { Hono } from "hono";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, type AppContext, requireStaff } from "#api/http/context.ts";
import { requestNetwork } from "#api/http/network.ts";
import { env } from "#db/env.ts";
import { Invalid, TooMany } from "#db/errors.ts";
import { auth, offeredPaths } from "./auth.ts";
import { Acceptance, Code, Dismissal, Invite, SignIn } from "./forms.ts";
import { revokeInvitation } from "./invitation-ends.ts";
import { clearAttempts } from "./sign-in-attempts.ts";
import { networkHeader } from "./sign-in-guard.ts";
import { acceptInvitation, dismiss, invitationOf, invite } from "./staff.ts";

/** An address, since better-auth would count all of what it cannot read as one: 2001:db8:0:1::/64 → 2001:db8:0:1:: */
const countedAddress = (c: AppContext) => requestNetwork(c).replace(/\/64$/u, "");

/** Asks better-auth as its own JSON client would, so that its limits and checks all apply. */
function ask(c: AppContext, path: (typeof offeredPaths)[number], body: object): Promise<Response> {
  const headers = new Headers({
    "content-type": "application/json",
    origin: env.PUBLIC_ORIGIN,
    [networkHeader]: countedAddress(c),
  });
  const cookie = c.req.header("cookie");
  if (cookie !== undefined) headers.set("cookie", cookie);
  return auth().handler(
    new Request(`${env.PUBLIC_ORIGIN}/api/auth${path}`, { method: "POST", headers, body: JSON.stringify(body) }),
  );
}

/** Hands better-auth's cookies on and goes to the next page. */
function goOn(c: AppContext, answer: Response, path: string): Response {
  for (const cookie of answer.headers.getSetCookie()) c.header("Set-Cookie", cookie, { append: true });
  return c.redirect(path, 303);
}

function refuse(answer: Response, errors: Record<string, string>): void {
  if (answer.status === 429) throw new TooMany(Number(answer.headers.get("x-retry-after") ?? 60));
  if (!answer.ok) throw new Invalid(errors);
}

async function signIn(c: AppContext, email: string, password: string, next: string): Promise<Response> {
  const answer = await ask(c, "/sign-in/email", { email, password });
  refuse(answer, { email: "メールアドレスかパスワードがちがいます。" });
  const { twoFactorRedirect } = (await answer.json()) as { twoFactorRedirect?: boolean };
  return goOn(
    c,
    answer,
    twoFactorRedirect ? `/staff/sign-in/code?next=${encodeURIComponent(next)}` : "/staff/two-factor",
  );
}

async function verify(c: AppContext, page: string): Promise<Response> {
  const { code, next } = await readForm(c, Code, page);
  const isBackup = code.includes("-");
  const answer = await ask(c, isBackup ? "/two-factor/verify-backup-code" : "/two-factor/verify-totp", { code });
  refuse(answer, {
    code: "数字がちがうか、すでに使われたか、時間が過ぎています。アプリの数字が変わったら、新しい数字を入力してください。",
  });
  return goOn(c, answer, next);
}

export const signInRoutes = new Hono<AppEnv>()
  .post("/staff/sign-in", async (c) => {
    const form = await readForm(c, SignIn, "/staff/sign-in");
    return signIn(c, form.email.normalize("NFKC").trim(), form.password, form.next);
  })
  .post("/staff/sign-in/code", (c) => verify(c, "/staff/sign-in/code"))
  .post("/staff/two-factor", (c) => verify(c, "/staff/two-factor"))
  .post("/staff/sign-out", async (c) => goOn(c, await ask(c, "/sign-out", {}), "/staff/sign-in"))
  .post("/staff/invitations/:token", async (c) => {
    const token = c.req.param("token");
    const form = await readForm(c, Acceptance, `/staff/invitations/${token}`);
    const { email } = await invitationOf(token);
    if (email === null && form.email === undefined) throw new Invalid({ email: "メールアドレスを入力してください。" });
    const joined = await acceptInvitation(token, form);
    // Whoever tried to sign in before they were registered goes on without a delay.
    await clearAttempts({ kind: "password", email: joined, network: countedAddress(c) });
    return signIn(c, joined, form.password, "/staff");
  })
  .post("/staff/people", async (c) => {
    await invite(requireStaff(c), await readForm(c, Invite, "/staff/people"));
    return c.redirect("/staff/people?done=invited", 303);
  })
  .post("/staff/people/disable", async (c) => {
    const { email } = await readForm(c, Dismissal, "/staff/people");
    await dismiss(requireStaff(c), email);
    return c.redirect("/staff/people?done=disabled", 303);
  })
  .post("/staff/people/invitations/:id/revocation", async (c) => {
    await readForm(c, EmptyForm, "/staff/people");
    await revokeInvitation(requireStaff(c), c.req.param("id"));
    return c.redirect("/staff/people?done=revoked", 303);
  })
  /** The same by better-auth's JSON, for programs; the address header is ours alone to set. */
  .on(
    "POST",
    offeredPaths.map((path) => `/api/auth${path}`),
    (c) => {
      const headers = new Headers(c.req.raw.headers);
      headers.set(networkHeader, countedAddress(c));
      return auth().handler(new Request(c.req.raw, { headers }));
    },
  );
