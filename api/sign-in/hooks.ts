/**
 * Rules that better-auth lacks, as a plugin of hooks before and after its endpoints, so that they hold for
 * forms and for programs: a TOTP code is accepted once, attempts on one account are rate limited, and sign-ins
 * and refusals stand in the audit trail.
 */

import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { APIError, createAuthMiddleware, getSessionFromCtx, isAPIError } from "better-auth/api";
import { symmetricDecrypt } from "better-auth/crypto";
import { eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { staff, staffTwoFactors } from "#db/schema/staff.ts";
import {
  type SignInAttempt,
  clearAttempts,
  confirmFailure,
  isKnownNetwork,
  recordAttempt,
  rememberNetwork,
} from "./attempts.ts";
import { acceptCode, stepOf } from "./totp-steps.ts";
import { countDelay, traceSession } from "./trace.ts";

/** Header that carries the client's address to better-auth. Our routes always set it, so that no client can. */
export const networkHeader = "x-komichi-network";

const passwordPath = "/sign-in/email";
const totpPath = "/two-factor/verify-totp";
const codePaths = [totpPath, "/two-factor/verify-backup-code"];

/** Attempts counted before better-auth checked them, by request, for the hook that runs after. */
const attempts = new WeakMap<Request, SignInAttempt>();

const networkOf = (ctx: GenericEndpointContext) => ctx.headers?.get(networkHeader) ?? "unknown";

function tooEarly(seconds: number): APIError {
  const wait = String(seconds);
  return new APIError(
    "TOO_MANY_REQUESTS",
    { code: "TRY_LATER", message: `Try again in ${wait} seconds.` },
    { "X-Retry-After": wait, "Retry-After": wait },
  );
}

/** Counts the attempt, or answers 429 without checking it. */
async function countOrRefuse(ctx: GenericEndpointContext, attempt: SignInAttempt): Promise<void> {
  const wait = await recordAttempt(attempt);
  if (wait > 0) throw tooEarly(wait);
  if (ctx.request) attempts.set(ctx.request, attempt);
}

const beforePassword = createAuthMiddleware(async (ctx) => {
  const email: unknown = (ctx.body as { email?: unknown } | undefined)?.email;
  if (typeof email !== "string") return;
  await countOrRefuse(ctx, { kind: "password", email: email.toLowerCase(), network: networkOf(ctx) });
});

interface Verifier {
  userId: string;
  email: string;
  /** Encrypted. */
  secret: string;
  lockedUntil: Date | null;
}

/** Whose code this is: of the session, or of the sign-in whose password was right a moment ago. */
async function verifierOf(ctx: GenericEndpointContext): Promise<(Verifier & { isSignIn: boolean }) | undefined> {
  const session = await getSessionFromCtx(ctx);
  const userId = session?.user.id ?? (await accountOfChallenge(ctx));
  if (userId === undefined) return undefined;
  const [row] = await db
    .select({
      userId: staff.id,
      email: staff.email,
      secret: staffTwoFactors.secret,
      lockedUntil: staffTwoFactors.lockedUntil,
    })
    .from(staff)
    .innerJoin(staffTwoFactors, eq(staffTwoFactors.userId, staff.id))
    .where(eq(staff.id, userId));
  return row && { ...row, isSignIn: !session };
}

/** The account id behind better-auth's signed cookie, which stands between password and code. */
async function accountOfChallenge(ctx: GenericEndpointContext): Promise<string | undefined> {
  const { name } = ctx.context.createAuthCookie("two_factor");
  const challenge = await ctx.getSignedCookie(name, ctx.context.secret);
  if (!challenge) return undefined;
  return (await ctx.context.internalAdapter.findVerificationValue(challenge))?.value;
}

/**
 * better-auth locks an account for 15 minutes after ten wrong codes, which only somebody with the right
 * password can enter. Somebody who stole the password must not lock the person out: from a known network the
 * lock is lifted. Returns true when it is to be lifted, false when there is none, and throws a 429 otherwise.
 */
async function mayOpenLock({ email, lockedUntil }: Verifier, network: string): Promise<boolean> {
  const left = (lockedUntil?.getTime() ?? 0) - Date.now();
  if (left <= 0) return false;
  if (await isKnownNetwork(email, network)) return true;
  await countDelay(email);
  throw tooEarly(Math.ceil(left / 1000));
}

const openLock = (userId: string) =>
  db
    .update(staffTwoFactors)
    .set({ lockedUntil: null, failedVerificationCount: 0 })
    .where(eq(staffTwoFactors.userId, userId));

const beforeCode = createAuthMiddleware(async (ctx) => {
  const code: unknown = (ctx.body as { code?: unknown } | undefined)?.code;
  const verifier = await verifierOf(ctx);
  if (typeof code !== "string" || !verifier) return;
  const attempt: SignInAttempt = { kind: "code", email: verifier.email, network: networkOf(ctx) };
  if (verifier.isSignIn) {
    const opensLock = await mayOpenLock(verifier, attempt.network);
    await countOrRefuse(ctx, attempt);
    if (opensLock) await openLock(verifier.userId);
  }
  if (ctx.path !== totpPath) return;
  const step = stepOf(await symmetricDecrypt({ key: ctx.context.secretConfig, data: verifier.secret }), code);
  // Wrong by our clock. An empty code makes better-auth count a failure, also if its clock has moved on since.
  if (step === undefined) return { context: { body: { code: "" } } };
  if (await acceptCode(verifier, step)) return;
  if (verifier.isSignIn) await confirmFailure(attempt);
  throw APIError.from("UNAUTHORIZED", { code: "INVALID_CODE", message: "Invalid code" });
});

const beforeSignOut = createAuthMiddleware(async (ctx) => {
  const session = await getSessionFromCtx(ctx);
  if (session) await traceSession(session.user.id, "sign_out");
});

/** Counts the outcome of an attempt, and traces a completed sign-in. */
const after = createAuthMiddleware(async (ctx) => {
  const attempt = ctx.request && attempts.get(ctx.request);
  if (isAPIError(ctx.context.returned)) {
    if (attempt) await confirmFailure(attempt);
    return;
  }
  if (attempt) await clearAttempts(attempt);
  const signedIn = ctx.path === passwordPath ? undefined : ctx.context.newSession?.user.id;
  if (signedIn === undefined) return;
  await rememberNetwork(signedIn, networkOf(ctx));
  await traceSession(signedIn, "sign_in");
});

const at =
  (...paths: string[]) =>
  (ctx: { path?: string }) =>
    ctx.path !== undefined && paths.includes(ctx.path);

/** The plugin. It must be listed after better-auth's twoFactor, so that its hook sees what that answered. */
export const signInHooks = () =>
  ({
    id: "sign-in-hooks",
    hooks: {
      before: [
        { matcher: at(passwordPath), handler: beforePassword },
        { matcher: at(...codePaths), handler: beforeCode },
        { matcher: at("/sign-out"), handler: beforeSignOut },
      ],
      after: [{ matcher: at(passwordPath, ...codePaths), handler: after }],
    },
  }) satisfies BetterAuthPlugin;
