/** What a member of staff signs in with: password, TOTP secret and backup codes, as better-auth stores them. */

import { generateRandomString, symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";
import { eq } from "drizzle-orm";
import * as OTPAuth from "otpauth";
import { db, type Executor } from "#db/client.ts";
import { staffAccounts, staffTwoFactors } from "#db/schema/staff.ts";
import { settings } from "#db/settings/settings.ts";
import { auth } from "./auth.ts";

/**
 * Stores a password, a new TOTP secret and ten backup codes for a member of staff, inside the caller's
 * transaction. With `isVerified` false the person must enter one code before they may do anything else.
 * Returns the TOTP secret as better-auth makes it; `base32` turns it into what authenticator apps take.
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

/** A TOTP secret in Base32, as it is typed into authenticator apps. */
export const base32 = (secret: string): string => OTPAuth.Secret.fromUTF8(secret).base32;

export interface Enrolment {
  /** The otpauth:// address behind the QR code. */
  uri: string;
  /** Base32, for typing into the app. */
  secret: string;
  backupCodes: string[];
}

/** What a member of staff needs to set up their authenticator app; undefined once that is done. */
export async function enrolmentOf(staffId: string, email: string): Promise<Enrolment | undefined> {
  const [row] = await db.select().from(staffTwoFactors).where(eq(staffTwoFactors.userId, staffId));
  if (!row || row.verified) return undefined;
  const { secretConfig: key } = await auth().$context;
  const secret = OTPAuth.Secret.fromUTF8(await symmetricDecrypt({ key, data: row.secret }));
  const uri = new OTPAuth.TOTP({ issuer: settings().name.ja, label: email, secret }).toString();
  const backupCodes = JSON.parse(await symmetricDecrypt({ key, data: row.backupCodes })) as string[];
  return { uri, secret: secret.base32, backupCodes };
}
