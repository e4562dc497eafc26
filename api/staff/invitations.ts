/** The invitation behind a link, and whether it can still be accepted. */

import { and, eq, gt } from "drizzle-orm";
import { type Executor, db } from "#db/client.ts";
import { Gone, NotFound, firstOrNotFound } from "#db/errors.ts";
import { invitations, staff, staffAccounts } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import { idFromToken } from "#db/vault/tokens.ts";
import { endSentences } from "./end-invitations.ts";

export interface Invitation {
  id: string;
  /** Null for the set-up link, where the person types their address. */
  email: string | null;
  role: Role;
}

/**
 * The open invitation that a link's token stands for, its row locked inside a transaction. Throws NotFound for
 * an unknown token, and Gone when the invitation was accepted, has ended or is past its date.
 */
export async function invitationOf(token: string, tx: Executor = db): Promise<Invitation> {
  const id = idFromToken("invitation", token);
  if (id === undefined) throw new NotFound("invitation");
  const row = firstOrNotFound(await tx.select().from(invitations).where(eq(invitations.id, id)).for("update"));
  if (row.acceptedAt !== null) throw new Gone("この招待リンクはすでに使われています。ログインの画面へお進みください。");
  if (row.endedAt !== null) throw new Gone(endSentences[row.endReason ?? "revoked"]);
  if (row.email !== null && (await wasDisabledSince(tx, row.email, row.createdAt)))
    throw new Gone(endSentences.stopped);
  // The set-up link makes the first manager only. It stands in the start's output, where it may be found later.
  if (row.email === null && (await canAnyoneSignIn(tx)))
    throw new Gone("最初の管理者はもう登録されています。管理者に招待してもらってください。");
  if (row.expiresAt <= new Date())
    throw new Gone("この招待リンクは期限が切れています。管理者にもう一度招待してもらってください。");
  return { id: row.id, email: row.email, role: row.role };
}

/** Disabling somebody ends their invitations. Checked again here, since an invitation left open would let them back in. */
async function wasDisabledSince(tx: Executor, email: string, invitedAt: Date): Promise<boolean> {
  const [disabled] = await tx
    .select({ id: staff.id })
    .from(staff)
    .where(and(eq(staff.email, email.toLowerCase()), gt(staff.disabledAt, invitedAt)));
  return disabled !== undefined;
}

/** Whether anybody has a password yet. Sample staff have none. */
export async function canAnyoneSignIn(tx: Executor): Promise<boolean> {
  const [anyone] = await tx.select({ id: staffAccounts.id }).from(staffAccounts).limit(1);
  return anyone !== undefined;
}
