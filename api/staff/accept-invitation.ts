/** Turning an invitation into a member of staff. */

import { eq } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { type Executor, transaction } from "#db/client.ts";
import { NotFound, firstOrNotFound } from "#db/errors.ts";
import { invitations } from "#db/schema/staff.ts";
import { idFromToken } from "#db/vault/tokens.ts";
import { insertStaff } from "./add.ts";
import { endInvitations, lockAddress } from "./end-invitations.ts";
import { invitationOf } from "./invitations.ts";

/**
 * Accepts the invitation of this token. The new member of staff must then set up their authenticator app;
 * every other invitation of the address ends. Returns the address in lower case. Throws as `invitationOf` does.
 */
export async function acceptInvitation(
  token: string,
  person: { name: string; password: string; email?: string },
): Promise<string> {
  return transaction(async (tx) => {
    await lockInvited(tx, token, person.email);
    const invitation = await invitationOf(token, tx);
    const email = invitation.email ?? person.email ?? "";
    const { id } = await insertStaff(tx, { ...person, email, role: invitation.role }, false);
    await tx
      .update(invitations)
      .set({ acceptedAt: databaseNow, acceptedBy: id })
      .where(eq(invitations.id, invitation.id));
    await endInvitations(tx, email, "joined", { id });
    await audit(tx, { id }, "accept", "invitation", invitation.id, { role: invitation.role });
    return email.toLowerCase();
  });
}

/** Locks the address that a link is for: the invited one, or the one that the first manager types. */
async function lockInvited(tx: Executor, token: string, typed: string | undefined): Promise<void> {
  const id = idFromToken("invitation", token);
  if (id === undefined) throw new NotFound("invitation");
  const { email } = firstOrNotFound(
    await tx.select({ email: invitations.email }).from(invitations).where(eq(invitations.id, id)),
  );
  await lockAddress(tx, email ?? typed ?? "");
}
