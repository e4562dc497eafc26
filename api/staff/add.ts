/** A new member of staff. */

import { eq, isNotNull } from "drizzle-orm";
import { base32, insertCredentials } from "#api/sign-in/credentials.ts";
import { audit } from "#db/actor.ts";
import { type Executor, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { staff, staffAccounts, staffSessions, staffTwoFactors } from "#db/schema/staff.ts";
import { endInvitations, lockAddress } from "./end-invitations.ts";
import type { NewStaff } from "./forms.ts";

/**
 * Inserts a member of staff, or enables a disabled one again: under the same id, so that the audit trail
 * goes on, with a new password, a new TOTP secret and no session. `isVerified` as in `insertCredentials`.
 * Returns the id and the TOTP secret. Throws Refused where the address belongs to somebody active.
 */
export async function insertStaff(tx: Executor, { email, name, role, password }: NewStaff, isVerified: boolean) {
  const row = { email: email.toLowerCase(), name, role, twoFactorEnabled: isVerified, disabledAt: null };
  const [taken] = await tx
    .insert(staff)
    .values({ id: newId(), ...row })
    .onConflictDoUpdate({ target: staff.email, set: row, setWhere: isNotNull(staff.disabledAt) })
    .returning({ id: staff.id });
  if (!taken) throw new Refused("このメールアドレスの職員はすでに登録されています。");
  for (const table of [staffAccounts, staffTwoFactors, staffSessions])
    await tx.delete(table).where(eq(table.userId, taken.id));
  return { id: taken.id, secret: await insertCredentials(tx, taken.id, password, isVerified) };
}

/**
 * Adds a member of staff who can sign in at once, for the administrator's terminal. Returns the TOTP
 * secret in Base32. Throws Refused where the address belongs to somebody active.
 */
export async function addStaff(person: NewStaff): Promise<{ id: string; totpSecret: string }> {
  return transaction(async (tx) => {
    await lockAddress(tx, person.email);
    const { id, secret } = await insertStaff(tx, person, true);
    await endInvitations(tx, person.email, "joined", null);
    await audit(tx, null, "add", "staff", id, { role: person.role });
    return { id, totpSecret: base32(secret) };
  });
}
