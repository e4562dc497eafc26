/** Traces of sign-in: rows of the audit trail, refusals counted by hour, and a mail when many attempts fail. */

import { and, eq, gt, inArray, isNull, lt, or, sql } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { type Executor, db, transaction, type Transaction } from "#db/client.ts";
import { type refusalKinds, staff, staffRefusals } from "#db/schema/staff.ts";
import { enqueue } from "#emails/outbox/outbox.ts";

type RefusalKind = (typeof refusalKinds)[number];
type Account = { email: string } | { id: string };

/** Failures of an account within 24 hours at which its person and the managers get a mail. */
const failuresToNotify = 10;
const day = 86_400_000;

/** Audits a sign-in or sign-out. Both take the right password, so nobody can flood the audit trail with them. */
export async function traceSession(staffId: string, action: "sign_in" | "sign_out"): Promise<void> {
  await audit(db, { id: staffId }, action, "staff", staffId);
}

/**
 * Counts one refusal in this hour's row; the first of an hour is audited too, so that guessing cannot flood the
 * audit trail. An address without an account leaves nothing. Returns the account's id, if there is one.
 */
export async function countRefusal(
  tx: Executor,
  account: Account,
  kind: RefusalKind,
  now = new Date(),
): Promise<string | undefined> {
  const isAccount = "id" in account ? sql`id = ${account.id}` : sql`email = ${account.email}`;
  const [row] = await tx.execute<{ id: string; count: number }>(sql`
    insert into staff_refusals (staff_id, hour, kind, count)
    select id, date_trunc('hour', ${now.toISOString()}::timestamptz), ${kind}, 1 from staff where ${isAccount}
    on conflict (staff_id, hour, kind) do update set count = staff_refusals.count + 1
    returning staff_id as id, count`);
  // Only a forbidden request comes from somebody who proved who they are; all others are audited without an actor.
  if (row?.count === 1) await audit(tx, kind === "forbidden" ? { id: row.id } : null, kind, "staff", row.id);
  return row?.id;
}

/** Counts a 403 of somebody who is signed in. */
export async function countForbidden(id: string): Promise<void> {
  await transaction((tx) => countRefusal(tx, { id }, "forbidden"));
}

/** Counts an attempt on this account that was refused with 429. */
export async function countDelay(email: string): Promise<void> {
  await transaction((tx) => countRefusal(tx, { email }, "sign_in_delayed"));
}

/** Runs `first`, counts a wrong password or code and queues the mail when it is due: one transaction. */
export async function countRefusalAndNotify(
  email: string,
  kind: RefusalKind,
  now: Date,
  first: (tx: Executor) => Promise<void>,
): Promise<void> {
  await transaction(async (tx) => {
    await first(tx);
    const id = await countRefusal(tx, { email }, kind, now);
    if (id === undefined || (await failuresOf(tx, id, now)) < failuresToNotify) return;
    await queueNotice(tx, id, now);
  });
}

/** Wrong passwords and codes of an account in the 24 hours before `until`. */
async function failuresOf(tx: Executor, staffId: string, until: Date): Promise<number> {
  const [row] = await tx
    .select({ count: sql<number>`coalesce(sum(${staffRefusals.count}), 0)::int` })
    .from(staffRefusals)
    .where(
      and(
        eq(staffRefusals.staffId, staffId),
        inArray(staffRefusals.kind, ["sign_in_failed", "code_failed"]),
        gt(staffRefusals.hour, new Date(until.getTime() - day)),
      ),
    );
  return row?.count ?? 0;
}

/** At most one notice per account and 24 hours, and none for a disabled account. */
async function queueNotice(tx: Transaction, staffId: string, now: Date): Promise<void> {
  const isDue = or(isNull(staff.signInNoticeAt), lt(staff.signInNoticeAt, new Date(now.getTime() - day)));
  const due = await tx
    .update(staff)
    .set({ signInNoticeAt: now })
    .where(and(eq(staff.id, staffId), isNull(staff.disabledAt), isDue))
    .returning({ id: staff.id });
  if (due.length > 0) await enqueue(tx, { kind: "sign_in_notice", staffId });
}
