/** Ending invitations that were not accepted. An address has at most one open invitation. */

import { and, eq, isNull, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { type Executor, transaction } from "#db/client.ts";
import { NotFound, firstOrNotFound, Refused } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { type invitationEnds, invitations } from "#db/schema/staff.ts";

export type InvitationEnd = (typeof invitationEnds)[number];

/** SQL: neither accepted nor ended; it may be past its date. */
export const isOpenInvitation = and(isNull(invitations.acceptedAt), isNull(invitations.endedAt));

/** What somebody reads who opens the link of an ended invitation. */
export const endSentences: Record<InvitationEnd, string> = {
  replaced: "この招待のあとに、新しい招待のメールを送りました。いちばん新しいメールのリンクを開いてください。",
  revoked: "この招待は取り消されました。心当たりがないときは、招待した管理者にたずねてください。",
  joined: "この招待リンクはもう使えません。登録がすんでいる方は、ログインの画面へお進みください。",
  stopped: "この招待リンクはもう使えません。必要なときは、管理者にもう一度招待してもらってください。",
};

/**
 * An advisory lock on the address until the caller's transaction ends, so that inviting, accepting, revoking
 * and disabling the same person happen one after the other. Taken before any row is locked, so that two
 * transactions cannot deadlock.
 */
export async function lockAddress(tx: Executor, email: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`invitation ${email.toLowerCase()}`}, 0))`);
}

/** Ends every open invitation of the address; letter case does not count. `by` is null for a command. */
export async function endInvitations(
  tx: Executor,
  email: string,
  reason: InvitationEnd,
  by: Pick<Staff, "id"> | null,
): Promise<void> {
  const ended = await tx
    .update(invitations)
    .set({ endedAt: databaseNow, endReason: reason })
    .where(and(isOpenInvitation, sql`lower(${invitations.email}) = ${email.toLowerCase()}`))
    .returning({ id: invitations.id });
  for (const { id } of ended) await audit(tx, by, "end", "invitation", id, { reason });
}

/**
 * A manager revokes one invitation. Throws NotFound for an unknown one, Refused when it was
 * accepted or has ended already.
 */
export async function revokeInvitation(by: Staff, id: string): Promise<void> {
  allow(by, "manager");
  if (!isId(id)) throw new NotFound("invitation");
  await transaction(async (tx) => {
    const { email } = firstOrNotFound(
      await tx.select({ email: invitations.email }).from(invitations).where(eq(invitations.id, id)),
    );
    if (email === null) throw new NotFound("invitation"); // the set-up link, which nobody may revoke
    await lockAddress(tx, email);
    const [ended] = await tx
      .update(invitations)
      .set({ endedAt: databaseNow, endReason: "revoked" })
      .where(and(isOpenInvitation, eq(invitations.id, id)))
      .returning({ id: invitations.id });
    if (!ended) throw new Refused("この招待は、もう使われたか、取り消されています。");
    await audit(tx, by, "end", "invitation", id, { reason: "revoked" });
  });
}
