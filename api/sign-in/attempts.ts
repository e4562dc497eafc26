/**
 * Rate limit of sign-in attempts, per account, network and kind (password or code). A network (IPv4 address
 * or IPv6 /64) has a few failures free, then a delay between attempts that doubles up to a minute. Failures
 * from other networks count only for networks that have failed themselves, and never for a network from
 * which the person signed in within 30 days: an attacker can slow other attackers but cannot lock the person
 * out. An attempt made after the delay that the 429 named is always checked, whatever others did meanwhile.
 */

import { and, eq, sql } from "drizzle-orm";
import { type Executor, db, transaction } from "#db/client.ts";
import { signInAttempts, staff, staffNetworks } from "#db/schema/staff.ts";
import { blindIndex } from "#db/vault/blind-index.ts";
import { countRefusal, countRefusalAndNotify } from "./trace.ts";

/** Failures before the first delay, and the longest delay in seconds. */
const freeFailures = 5;
const longestDelay = 60;
/** Milliseconds without an attempt after which a network's failures no longer count. */
export const forgottenAfter = 3_600_000;
/** Days for which a network counts as known after the person signed in from it. */
export const knownForDays = 30;

export interface SignInAttempt {
  kind: "password" | "code";
  /** In lower case, as better-auth looks it up. There need not be such an account. */
  email: string;
  /** IPv4 address or IPv6 /64; only its keyed hash is kept. */
  network: string;
}

interface Counts {
  /** Failures of this network. */
  failures: number;
  /** Failures of all unknown networks together. */
  total: number;
  /** Whether the person signed in from this network lately. */
  isKnown: boolean;
  /** Milliseconds since this network's last attempt. */
  elapsed: number;
}

/** Whole seconds until this network may try again; 0 when it may now. */
export function secondsToWait({ failures, total, isKnown, elapsed }: Counts): number {
  if (failures === 0) return 0;
  const counted = isKnown ? failures : Math.max(failures, total);
  if (counted < freeFailures) return 0;
  const delay = Math.min(longestDelay, 2 ** (counted - freeFailures));
  return Math.max(0, Math.ceil(delay - Math.max(0, elapsed) / 1000));
}

const networkIndex = (network: string) => blindIndex("network", network);
/** A different index from that of a family's mail address, so that the two can never be matched. */
const accountIndex = (email: string) => blindIndex("network", `sign-in\0${email}`);

/** SQL: the row of this account, network and kind. */
const rowOf = ({ kind, email, network }: SignInAttempt) =>
  and(
    eq(signInAttempts.account, accountIndex(email)),
    eq(signInAttempts.kind, kind),
    eq(signInAttempts.network, networkIndex(network)),
  );

const timestamp = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;

/** Whether the person signed in from this network within the last 30 days. */
export async function isKnownNetwork(email: string, network: string, now = new Date()): Promise<boolean> {
  const [row] = await db
    .select({ staffId: staffNetworks.staffId })
    .from(staffNetworks)
    .innerJoin(staff, eq(staff.id, staffNetworks.staffId))
    .where(
      and(
        eq(staff.email, email),
        eq(staffNetworks.network, networkIndex(network)),
        sql`${staffNetworks.seenAt} > ${timestamp(now.getTime() - knownForDays * 86_400_000)}`,
      ),
    );
  return row !== undefined;
}

/**
 * Counts one attempt before it is checked, as a failure until it proves right, so that parallel guesses
 * are all counted. Returns 0 when the attempt may be checked, and otherwise the seconds to wait.
 */
export async function recordAttempt(attempt: SignInAttempt, now = new Date()): Promise<number> {
  return transaction(async (tx) => {
    const { kind, email, network } = attempt;
    const key = { account: accountIndex(email), network: networkIndex(network), kind };
    // Locks the row until the commit: attempts of one network are counted one after the other.
    const [own] = await tx
      .insert(signInAttempts)
      .values({ ...key, attemptedAt: now })
      .onConflictDoUpdate({
        target: [signInAttempts.account, signInAttempts.kind, signInAttempts.network],
        set: { kind },
      })
      .returning();
    const elapsed = now.getTime() - (own?.attemptedAt ?? now).getTime();
    const failures = elapsed > forgottenAfter ? 0 : (own?.failures ?? 0);
    const wait = secondsToWait({ ...(await othersOf(tx, attempt, now)), failures, elapsed });
    if (wait > 0) {
      await tx
        .update(signInAttempts)
        .set({ delayed: sql`${signInAttempts.delayed} + 1` })
        .where(rowOf(attempt));
      await countRefusal(tx, { email }, "sign_in_delayed", now);
      return wait;
    }
    await tx
      .update(signInAttempts)
      .set({ failures: failures + 1, attemptedAt: now })
      .where(rowOf(attempt));
    return 0;
  });
}

/** Failures of all unknown networks, and whether this network is known, for which they do not count. */
async function othersOf(tx: Executor, { kind, email, network }: SignInAttempt, now: Date) {
  const [row] = await tx.execute<{ isKnown: boolean; total: number }>(sql`
    with known as (
      select n.network from staff_networks n join staff s on s.id = n.staff_id
      where s.email = ${email} and n.seen_at > ${timestamp(now.getTime() - knownForDays * 86_400_000)}
    )
    select exists (select 1 from known where network = ${networkIndex(network)}) as "isKnown",
      (select coalesce(sum(failures), 0)::int from sign_in_attempts
        where account = ${accountIndex(email)} and kind = ${kind}
          and attempted_at > ${timestamp(now.getTime() - forgottenAfter)}
          and network not in (select network from known)) as total`);
  return row ?? { isKnown: false, total: 0 };
}

/**
 * The attempt was wrong: the delay begins now, and an existing account gets a row in `staff_refusals`.
 * An unknown address costs the same statements and commit, so that timing does not tell which accounts exist.
 */
export async function confirmFailure(attempt: SignInAttempt, now = new Date()): Promise<void> {
  const kind = attempt.kind === "password" ? "sign_in_failed" : "code_failed";
  await countRefusalAndNotify(attempt.email, kind, now, async (tx) => {
    await tx.update(signInAttempts).set({ attemptedAt: now }).where(rowOf(attempt));
  });
}

/** The attempt was right: deletes this network's failures. */
export async function clearAttempts(attempt: SignInAttempt): Promise<void> {
  await db.delete(signInAttempts).where(rowOf(attempt));
}

/** The person has signed in from this network: it is known for 30 days, and failures of others do not delay it. */
export async function rememberNetwork(staffId: string, network: string, now = new Date()): Promise<void> {
  await db
    .insert(staffNetworks)
    .values({ staffId, network: networkIndex(network), seenAt: now })
    .onConflictDoUpdate({ target: [staffNetworks.staffId, staffNetworks.network], set: { seenAt: now } });
}
