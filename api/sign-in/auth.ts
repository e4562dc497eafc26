/** Sign-in of staff: better-auth over our own tables. Mail and password, then a TOTP code, always. */

import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { twoFactor } from "better-auth/plugins";
import { and, eq, isNotNull } from "drizzle-orm";
import { ourOrigins } from "#api/http/guard.ts";
import { db } from "#db/client.ts";
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
import { settings } from "#db/settings/settings.ts";
import { secretText } from "#db/vault/vault.ts";
import { minPasswordLength } from "./forms.ts";
import { networkHeader, signInHooks } from "./hooks.ts";

const sessionSeconds = 12 * 3600;
/** The paths of better-auth that this product serves; no route leads to its other ones. */
export const offeredPaths = [
  "/sign-in/email",
  "/two-factor/verify-totp",
  "/two-factor/verify-backup-code",
  "/sign-out",
] as const;

async function isDisabled(staffId: string): Promise<boolean> {
  return (await db.$count(staff, and(eq(staff.id, staffId), isNotNull(staff.disabledAt)))) > 0;
}

function build() {
  return betterAuth({
    appName: settings().name.ja,
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
    // No "trust this device": every sign-in needs a code.
    plugins: [twoFactor({ issuer: settings().name.ja, trustDeviceMaxAge: 0 }), signInHooks()],
    databaseHooks: {
      session: { create: { before: async ({ userId }) => ((await isDisabled(userId)) ? false : undefined) } },
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

/** The one better-auth instance; built at first use, because its secret comes from the opened vault. */
export function auth(): ReturnType<typeof build> {
  built ??= build();
  return built;
}
