/** What signing in leaves behind: rows of the audit trail, counts by hour, and a mail when many attempts fail. */

import { and, eq, gt, inArray, isNull, lt, or, sql } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { type Executor, db, transaction, type Transaction } from "#db/client.ts";
import { type refusalKinds, staff, staffRefusals } from "#db/schema/staff.ts";
import { enqueue } from "#emails/outbox/outbox.ts";

type RefusalKind = (typeof refusalKinds)[number];
type Whose = { email: string } | { id: string };

/** Failures of an account within a day after which its person and the managers are told. */
const failuresToTell = 10;
const day = 86_400_000;

/** Somebody signed in or out; both take the right password, so these rows stay few. */
export async function traceSession(staffId: string, action: "sign_in" | "sign_out"): Promise<void> {
  await audit(db, { id: staffId }, action, "staff", staffId);
}

/**
 * Counts one refusal of this hour; the first of an hour also stands in the audit trail. An address that
 * nobody has leaves nothing. Returns the account, if there is one.
 */
export async function countRefusal(
  tx: Executor,
  whose: Whose,
  kind: RefusalKind,
  now = new Date(),
): Promise<string | undefined> {
  const isTheirs = "id" in whose ? sql`id = ${whose.id}` : sql`email = ${whose.email}`;
  const [row] = await tx.execute<{ id: string; count: number }>(sql`
    insert into staff_refusals (staff_id, hour, kind, count)
    select id, date_trunc('hour', ${now.toISOString()}::timestamptz), ${kind}, 1 from staff where ${isTheirs}
    on conflict (staff_id, hour, kind) do update set count = staff_refusals.count + 1
    returning staff_id as id, count`);
  // Nobody has proved who they are, except where somebody signed in meets a closed door.
  if (row?.count === 1) await audit(tx, kind === "forbidden" ? { id: row.id } : null, kind, "staff", row.id);
  return row?.id;
}

/** Somebody who is signed in was refused what their role may not do. */
export async function countForbidden(id: string): Promise<void> {
  await transaction((tx) => countRefusal(tx, { id }, "forbidden"));
}

/** An attempt on this account was not looked at. */
export async function countDelay(email: string): Promise<void> {
  await transaction((tx) => countRefusal(tx, { email }, "sign_in_delayed"));
}

/** Counts a wrong password or code after `first`, and has the mail sent when it is time. One transaction. */
export async function countRefusalAndTell(
  email: string,
  kind: RefusalKind,
  now: Date,
  first: (tx: Executor) => Promise<void>,
): Promise<void> {
  await transaction(async (tx) => {
    await first(tx);
    const id = await countRefusal(tx, { email }, kind, now);
    if (id === undefined || (await failuresOf(tx, id, now)) < failuresToTell) return;
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

/** At most one notice per account and day, and none for somebody who was stopped. */
async function queueNotice(tx: Transaction, staffId: string, now: Date): Promise<void> {
  const isDue = or(isNull(staff.signInNoticeAt), lt(staff.signInNoticeAt, new Date(now.getTime() - day)));
  const told = await tx
    .update(staff)
    .set({ signInNoticeAt: now })
    .where(and(eq(staff.id, staffId), isNull(staff.disabledAt), isDue))
    .returning({ id: staff.id });
  if (told.length > 0) await enqueue(tx, { kind: "sign_in_notice", staffId });
}
