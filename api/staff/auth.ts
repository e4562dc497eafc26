/** Sign-in of staff: better-auth over our own tables. Mail and password, then a TOTP code, always. */

import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { generateRandomString, symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { twoFactor } from "better-auth/plugins";
import { and, eq, isNotNull } from "drizzle-orm";
import * as OTPAuth from "otpauth";
import { ourOrigins } from "#api/http/guard.ts";
import { db, type Executor } from "#db/client.ts";
import { env } from "#db/env.ts";
import { newId } from "#db/random/ids.ts";
import {
  staff,
  staffAccounts,
  staffRateLimits,
  staffSessions,
  staffTwoFactors,
  staffVerifications,
} from "#db/schema/staff.ts";
import { organisation } from "#db/terms/organisation.ts";
import { secretText } from "#db/vault/vault.ts";
import { minPasswordLength } from "./forms.ts";
import { networkHeader, signInGuard } from "./sign-in-guard.ts";

const sessionSeconds = 12 * 3600;
/** All that this product offers of better-auth's own interface; the rest is never reached. */
export const offeredPaths = [
  "/sign-in/email",
  "/two-factor/verify-totp",
  "/two-factor/verify-backup-code",
  "/sign-out",
] as const;

async function isStopped(staffId: string): Promise<boolean> {
  return (await db.$count(staff, and(eq(staff.id, staffId), isNotNull(staff.disabledAt)))) > 0;
}

function build() {
  return betterAuth({
    appName: organisation.name,
    baseURL: env.PUBLIC_ORIGIN,
    basePath: "/api/auth",
    secret: secretText("auth"),
    trustedOrigins: ourOrigins,
    logger: { disabled: true },
    telemetry: { enabled: false },
    database: drizzleAdapter(db, {
      provider: "pg",
      transaction: true,
      schema: {
        user: staff,
        session: staffSessions,
        account: staffAccounts,
        verification: staffVerifications,
        twoFactor: staffTwoFactors,
        rateLimit: staffRateLimits,
      },
    }),
    user: {
      additionalFields: {
        role: { type: "string", required: true, input: false },
        disabledAt: { type: "date", required: false, input: false },
      },
    },
    session: { expiresIn: sessionSeconds, disableSessionRefresh: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength, maxPasswordLength: 200 },
    // A device is never trusted in place of the code.
    plugins: [twoFactor({ issuer: organisation.name, trustDeviceMaxAge: 0 }), signInGuard()],
    databaseHooks: {
      session: { create: { before: async ({ userId }) => ((await isStopped(userId)) ? false : undefined) } },
    },
    rateLimit: {
      enabled: true,
      storage: "database",
      window: 60,
      max: 120,
      customRules: {
        "/sign-in/email": { window: 60, max: 20 },
        "/two-factor/*": { window: 60, max: 20 },
      },
    },
    advanced: {
      database: { generateId: () => newId() },
      // "__Host-" binds the cookie to this host, to HTTPS (or localhost) and to the whole path.
      cookiePrefix: "__Host-komichi",
      useSecureCookies: false,
      defaultCookieAttributes: { secure: true, httpOnly: true, sameSite: "lax", path: "/" },
      ipAddress: { ipAddressHeaders: [networkHeader] },
    },
  });
}

let built: ReturnType<typeof build> | undefined;

/** The instance; made at first use, when the vault is open. */
export function auth(): ReturnType<typeof build> {
  built ??= build();
  return built;
}

/**
 * Password and TOTP secret for a new member of staff, inside the caller's transaction. `isVerified`
 * false means that the person still has to prove that their app shows the right codes.
 */
export async function insertCredentials(
  tx: Executor,
  staffId: string,
  password: string,
  isVerified: boolean,
): Promise<string> {
  const context = await auth().$context;
  const secret = generateRandomString(32);
  const codes = Array.from(
    { length: 10 },
    () => `${generateRandomString(5, "a-z", "0-9")}-${generateRandomString(5, "a-z", "0-9")}`,
  );
  const encrypt = (data: string) => symmetricEncrypt({ key: context.secretConfig, data });
  await tx.insert(staffAccounts).values({
    accountId: staffId,
    providerId: "credential",
    userId: staffId,
    password: await context.password.hash(password),
  });
  await tx.insert(staffTwoFactors).values({
    userId: staffId,
    secret: await encrypt(secret),
    backupCodes: await encrypt(JSON.stringify(codes)),
    verified: isVerified,
  });
  return secret;
}

/** Base32 of a TOTP secret, as authenticator apps want it. */
export const base32 = (secret: string): string => OTPAuth.Secret.fromUTF8(secret).base32;

export interface Enrolment {
  uri: string;
  /** Base32, for typing in. */
  secret: string;
  backupCodes: string[];
}

/** What a member of staff needs to set their authenticator up; undefined once they have. */
export async function enrolmentOf(staffId: string, email: string): Promise<Enrolment | undefined> {
  const [row] = await db.select().from(staffTwoFactors).where(eq(staffTwoFactors.userId, staffId));
  if (!row || row.verified) return undefined;
  const { secretConfig: key } = await auth().$context;
  const secret = OTPAuth.Secret.fromUTF8(await symmetricDecrypt({ key, data: row.secret }));
  const uri = new OTPAuth.TOTP({ issuer: organisation.name, label: email, secret }).toString();
  const backupCodes = JSON.parse(await symmetricDecrypt({ key, data: row.backupCodes })) as string[];
  return { uri, secret: secret.base32, backupCodes };
}
