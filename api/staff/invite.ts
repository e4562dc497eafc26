/** Inviting somebody to the staff area, and the set-up link, which invites the first manager. */

import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { type Executor, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { invitations, staff } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import { hashToken, tokenForId } from "#db/vault/tokens.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { endInvitations, lockAddress } from "./end-invitations.ts";
import { canAnyoneSignIn } from "./invitations.ts";

const invitationDays = 7;

/**
 * Invites somebody by mail, also somebody disabled before. An earlier open invitation of the address is
 * replaced. Managers only. Throws Refused where the address belongs to active staff.
 */
export async function invite(by: Staff, { email, role }: { email: string; role: Role }): Promise<void> {
  allow(by, "manager");
  await transaction(async (tx) => {
    await lockAddress(tx, email);
    const [active] = await tx
      .select({ id: staff.id })
      .from(staff)
      .where(and(eq(staff.email, email.toLowerCase()), isNull(staff.disabledAt)));
    if (active) throw new Refused("このメールアドレスの職員はすでに登録されています。");
    await endInvitations(tx, email, "replaced", by);
    const id = await insertInvitation(tx, email, role, by.id);
    await enqueue(tx, { kind: "invitation", invitationId: id });
    await audit(tx, by, "invite", "invitation", id, { role });
  });
}

/**
 * The token of the link that makes the first manager, valid for 7 days; undefined once anybody can sign in.
 * Starts of the process within that time return the same one.
 */
export async function setUpToken(): Promise<string | undefined> {
  return transaction(async (tx) => {
    await tx.execute(sql`lock table ${invitations} in exclusive mode`);
    if (await canAnyoneSignIn(tx)) return undefined;
    const [open] = await tx
      .select({ id: invitations.id })
      .from(invitations)
      .where(and(isNull(invitations.email), isNull(invitations.acceptedAt), gt(invitations.expiresAt, databaseNow)));
    return tokenForId("invitation", open?.id ?? (await insertInvitation(tx, null, "manager", null)));
  });
}

async function insertInvitation(
  tx: Executor,
  email: string | null,
  role: Role,
  invitedBy: string | null,
): Promise<string> {
  const id = newId();
  const expiresAt = sql`${databaseNow} + ${`${invitationDays} days`}::interval`;
  const tokenHash = hashToken(tokenForId("invitation", id));
  // Not the time at which the transaction began: it may have waited for the address while somebody was stopped.
  const createdAt = sql`clock_timestamp()`;
  await tx
    .insert(invitations)
    .values({ id, email: email?.toLowerCase() ?? null, role, invitedBy, tokenHash, createdAt, expiresAt });
  return id;
}
