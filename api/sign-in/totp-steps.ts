/** A TOTP code is accepted once (RFC 6238, section 5.2). */

import { and, eq, isNull, lt, or } from "drizzle-orm";
import * as OTPAuth from "otpauth";
import { db } from "#db/client.ts";
import { staffTwoFactors } from "#db/schema/staff.ts";

/** Seconds for which an app shows one code. */
const period = 30;

/**
 * The time step (seconds since 1970 / 30) whose code this is: the one before `now`, the present or the
 * next, as better-auth accepts them; undefined for any other code. `secret` is the bare text that
 * better-auth makes, not its Base32.
 */
export function stepOf(secret: string, code: string, now = new Date()): number | undefined {
  // otpauth compares bytes and throws at six letters of any other width.
  if (!/^[0-9]{6}$/u.test(code)) return undefined;
  const totp = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromUTF8(secret), period });
  const timestamp = now.getTime();
  const delta = totp.validate({ token: code, timestamp, window: 1 });
  return delta === null ? undefined : totp.counter({ timestamp }) + delta;
}

/**
 * Remembers that a code of this step was accepted. False when that or a later step was accepted
 * before: one statement, so that exactly one of several simultaneous requests with the same code gets true. `secret`
 * is the encrypted one the code was compared with.
 */
export async function acceptCode(credential: { userId: string; secret: string }, step: number): Promise<boolean> {
  const accepted = await db
    .update(staffTwoFactors)
    .set({ lastStep: step })
    .where(
      and(
        eq(staffTwoFactors.userId, credential.userId),
        eq(staffTwoFactors.secret, credential.secret),
        or(isNull(staffTwoFactors.lastStep), lt(staffTwoFactors.lastStep, step)),
      ),
    )
    .returning({ id: staffTwoFactors.id });
  return accepted.length > 0;
}
