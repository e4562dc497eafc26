/** Members of staff: how they come, who they are at each request, how they go. */

import { and, asc, eq, gt, isNotNull, isNull, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Executor, db, transaction } from "#db/client.ts";
import { Gone, NotFound, firstOrNotFound, Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { invitations, staff, staffAccounts, staffNetworks, staffSessions, staffTwoFactors } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import { hashToken, idFromToken, tokenForId } from "#db/vault/vault.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { auth, base32, insertCredentials } from "./auth.ts";
import type { NewStaff } from "./forms.ts";
import { endInvitations, endSentences, isOpenInvitation, lockAddress } from "./invitation-ends.ts";

const invitationDays = 7;
const idleMinutes = 30;

export interface SignedIn extends Staff {
  /** False until the authenticator app is set up; such a session may do nothing else. */
  isEnrolled: boolean;
}

/** Who sent this request; undefined without a session, after 12 hours, 30 idle minutes or a block. */
export async function currentStaff(headers: Headers): Promise<SignedIn | undefined> {
  const session = await auth().api.getSession({ headers });
  if (!session) return undefined;
  const [row] = await db
    .update(staffSessions)
    .set({ seenAt: sql`now()` })
    .from(staff)
    .where(
      and(
        eq(staffSessions.id, session.session.id),
        gt(staffSessions.seenAt, sql`now() - ${`${idleMinutes} minutes`}::interval`),
        eq(staff.id, staffSessions.userId),
        isNull(staff.disabledAt),
      ),
    )
    .returning({
      id: staff.id,
      name: staff.name,
      email: staff.email,
      role: staff.role,
      isEnrolled: staff.twoFactorEnabled,
    });
  if (row) return row;
  await db.delete(staffSessions).where(eq(staffSessions.id, session.session.id));
  return undefined;
}

/**
 * A new member of staff, or one who was stopped and comes back: then under the same name in the audit
 * trail, with a new password and a new authenticator. Throws Refused for somebody active.
 */
async function insertStaff(tx: Executor, { email, name, role, password }: NewStaff, isVerified: boolean) {
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

/** Adds someone ready to sign in, from the administrator's terminal. Throws Refused if they exist. */
export async function addStaff(person: NewStaff): Promise<{ id: string; totpSecret: string }> {
  return transaction(async (tx) => {
    await lockAddress(tx, person.email);
    const { id, secret } = await insertStaff(tx, person, true);
    await endInvitations(tx, person.email, "joined", null);
    await audit(tx, null, "add", "staff", id, { role: person.role });
    return { id, totpSecret: base32(secret) };
  });
}

/** Ends someone's access at once: sessions and open invitations too. Throws NotFound for an unknown address. */
export async function disableStaff(email: string, by: Staff | null = null): Promise<void> {
  await transaction(async (tx) => {
    await lockAddress(tx, email);
    const person = firstOrNotFound(
      await tx
        .update(staff)
        .set({ disabledAt: sql`now()` })
        .where(eq(staff.email, email.toLowerCase()))
        .returning({ id: staff.id }),
    );
    await tx.delete(staffSessions).where(eq(staffSessions.userId, person.id));
    await tx.delete(staffNetworks).where(eq(staffNetworks.staffId, person.id));
    await endInvitations(tx, email, "stopped", by);
    await audit(tx, by, "disable", "staff", person.id);
  });
}

/** A manager ends someone else's access. Throws Refused for their own: somebody must stay. */
export async function dismiss(by: Staff, email: string): Promise<void> {
  allow(by, "manager");
  if (email.toLowerCase() === by.email) throw new Refused("自分自身は停止できません。ほかの管理者に頼んでください。");
  await disableStaff(email, by);
}

/** Sample staff cannot: they have no password. */
async function canAnyoneSignIn(tx: Executor): Promise<boolean> {
  const [anyone] = await tx.select({ id: staffAccounts.id }).from(staffAccounts).limit(1);
  return anyone !== undefined;
}

/** The link that makes the first manager, or undefined once anybody can sign in. Valid for 7 days. */
export async function setUpToken(): Promise<string | undefined> {
  return transaction(async (tx) => {
    await tx.execute(sql`lock table ${invitations} in exclusive mode`);
    if (await canAnyoneSignIn(tx)) return undefined;
    const [open] = await tx
      .select({ id: invitations.id })
      .from(invitations)
      .where(and(isNull(invitations.email), isNull(invitations.acceptedAt), gt(invitations.expiresAt, sql`now()`)));
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
  const expiresAt = sql`now() + ${`${invitationDays} days`}::interval`;
  const tokenHash = hashToken(tokenForId("invitation", id));
  // Not the time at which the transaction began: it may have waited for the address while somebody was stopped.
  const createdAt = sql`clock_timestamp()`;
  await tx
    .insert(invitations)
    .values({ id, email: email?.toLowerCase() ?? null, role, invitedBy, tokenHash, createdAt, expiresAt });
  return id;
}

/**
 * Invites someone by mail, also someone stopped before; managers only. An earlier open invitation of
 * the address is replaced. Throws Refused if they are active staff.
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

export interface Invitation {
  id: string;
  /** Null for the set-up link: whoever holds it says who they are. */
  email: string | null;
  role: Role;
}

/** The open invitation behind a link. Throws NotFound, or Gone when used, ended or past its date. */
export async function invitationOf(token: string, tx: Executor = db): Promise<Invitation> {
  const id = idFromToken("invitation", token);
  if (id === undefined) throw new NotFound("invitation");
  const row = firstOrNotFound(await tx.select().from(invitations).where(eq(invitations.id, id)).for("update"));
  if (row.acceptedAt !== null) throw new Gone("この招待リンクはすでに使われています。ログインの画面へお進みください。");
  if (row.endedAt !== null) throw new Gone(endSentences[row.endReason ?? "revoked"]);
  if (row.email !== null && (await wasStoppedSince(tx, row.email, row.createdAt))) throw new Gone(endSentences.stopped);
  // A set-up link is for the very first: once somebody came another way, whoever finds it printed must not use it.
  if (row.email === null && (await canAnyoneSignIn(tx)))
    throw new Gone("最初の管理者はもう登録されています。管理者に招待してもらってください。");
  if (row.expiresAt <= new Date())
    throw new Gone("この招待リンクは期限が切れています。管理者にもう一度招待してもらってください。");
  return { id: row.id, email: row.email, role: row.role };
}

/** Stopping somebody ends their invitations; asked once more here, where a wrong answer would let them back in. */
async function wasStoppedSince(tx: Executor, email: string, invitedAt: Date): Promise<boolean> {
  const [stopped] = await tx
    .select({ id: staff.id })
    .from(staff)
    .where(and(eq(staff.email, email.toLowerCase()), gt(staff.disabledAt, invitedAt)));
  return stopped !== undefined;
}

/** Holds the address that a link is for: the invited one, or what the first manager types. */
async function lockInvited(tx: Executor, token: string, typed: string | undefined): Promise<void> {
  const id = idFromToken("invitation", token);
  if (id === undefined) throw new NotFound("invitation");
  const { email } = firstOrNotFound(
    await tx.select({ email: invitations.email }).from(invitations).where(eq(invitations.id, id)),
  );
  await lockAddress(tx, email ?? typed ?? "");
}

/**
 * Turns an invitation into a member of staff, who must then set up their authenticator. Every other
 * invitation of the address ends. Throws as `invitationOf` does; returns the address.
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
      .set({ acceptedAt: sql`now()`, acceptedBy: id })
      .where(eq(invitations.id, invitation.id));
    await endInvitations(tx, email, "joined", { id });
    await audit(tx, { id }, "accept", "invitation", invitation.id, { role: invitation.role });
    return email.toLowerCase();
  });
}

/** Everybody, and the invitations still open; managers only. */
export async function listStaff(by: Staff) {
  allow(by, "manager");
  const people = await db.select().from(staff).orderBy(asc(staff.createdAt));
  const open = await db
    .select()
    .from(invitations)
    .where(and(isNotNull(invitations.email), isOpenInvitation, gt(invitations.expiresAt, sql`now()`)))
    .orderBy(asc(invitations.createdAt));
  return { people, invitations: open };
}
