/** Signing in: our forms become requests to better-auth, whose cookies and refusals become our answers. */

import { eq } from "drizzle-orm";
import type { UnsavedForm } from "#api/drafts/unsent.ts";
import type { AppContext } from "#api/http/context.ts";
import { requestNetwork } from "#api/http/network.ts";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { firstOrNotFound, Invalid, TooMany } from "#db/errors.ts";
import { staff } from "#db/schema/staff.ts";
import { auth, type offeredPaths } from "./auth.ts";
import { networkHeader } from "./hooks.ts";

/**
 * The address that attempts are counted under. Without "/64", because better-auth parses it as an address and
 * would count everything it cannot parse as one client: 2001:db8:0:1::/64 → 2001:db8:0:1::
 */
export const countedAddress = (c: AppContext) => requestNetwork(c).replace(/\/64$/u, "");

/** Sends a request to better-auth as its own JSON client would, so that all its limits and checks apply. */
export function requestAuth(c: AppContext, path: (typeof offeredPaths)[number], body: object): Promise<Response> {
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

/** Throws TooMany for better-auth's 429, and Invalid with these sentences for its other refusals. */
export function throwRefusal(answer: Response, errors: Record<string, string>): void {
  if (answer.status === 429) throw new TooMany(Number(answer.headers.get("x-retry-after") ?? 60));
  if (!answer.ok) throw new Invalid(errors);
}

/** Copies better-auth's cookies into our answer and redirects to the next page. */
export function redirectWithCookies(c: AppContext, answer: Response, path: string): Response {
  for (const cookie of answer.headers.getSetCookie()) c.header("Set-Cookie", cookie, { append: true });
  return c.redirect(path, 303);
}

/**
 * Checks the password and redirects to the page that takes the code, or to the set-up of the authenticator app.
 * `next` is the path to open at the end; an unsaved form is carried on to that page, which is then in the answer
 * itself. Throws Invalid for a wrong address or password, TooMany for too many.
 */
export async function signIn(
  c: AppContext,
  email: string,
  password: string,
  { next, unsaved }: { next: string; unsaved?: UnsavedForm | undefined },
): Promise<Response> {
  const answer = await requestAuth(c, "/sign-in/email", { email, password });
  throwRefusal(answer, { email: "メールアドレスかパスワードがちがいます。" });
  const { twoFactorRedirect, user } = (await answer.json()) as { twoFactorRedirect?: boolean; user?: { id: string } };
  const page = twoFactorRedirect ? "/staff/sign-in/code" : "/staff/two-factor";
  const redirect = redirectWithCookies(
    c,
    answer,
    twoFactorRedirect ? `${page}?next=${encodeURIComponent(next)}` : page,
  );
  if (!unsaved) return redirect;
  // Somebody who has to enrol has a session from this answer on; the page shows what their app has to read.
  if (user) c.set("staff", await personOf(user.id));
  const form = { values: { next, unsaved: JSON.stringify(unsaved) }, errors: {} };
  const shown = await c.get("show")(page, { form }, 200);
  for (const cookie of answer.headers.getSetCookie()) shown.headers.append("Set-Cookie", cookie);
  return shown;
}

async function personOf(id: string): Promise<Staff> {
  const { name, email, role } = staff;
  return firstOrNotFound(await db.select({ id: staff.id, name, email, role }).from(staff).where(eq(staff.id, id)));
}
