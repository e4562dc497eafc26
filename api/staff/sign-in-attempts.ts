/**
 * How often somebody may try a password or a code of one account. A network (IPv4 address or IPv6 /64)
 * has a few attempts, then waits between them, up to a minute. Failures of other networks slow only
 * networks that have failed themselves, and never one from which the person signed in lately: so a
 * stranger can slow the guessing of strangers, but keeps nobody out. Whoever waits as long as the answer
 * said is looked at, whatever others do meanwhile.
 */

import { and, eq, sql } from "drizzle-orm";
import { type Executor, db, transaction } from "#db/client.ts";
import { signInAttempts, staff, staffNetworks } from "#db/schema/staff.ts";
import { blindIndex } from "#db/vault/vault.ts";
import { countRefusal, countRefusalAndTell } from "./sign-in-trace.ts";

/** Failures before the first delay, and the longest delay in seconds. */
const freeFailures = 5;
const longestDelay = 60;
/** After an hour without an attempt a network's failures are forgotten. In milliseconds. */
export const forgottenAfter = 3_600_000;
/** How long a network stays one from which the person signed in. */
export const knownForDays = 30;

export interface Attempt {
  kind: "password" | "code";
  /** As better-auth looks it up: lower case. It need not be anybody's. */
  email: string;
  /** IPv4 address or IPv6 /64; only its keyed hash is kept. */
  network: string;
}

interface Standing {
  /** Of this network. */
  failures: number;
  /** Of all networks from which the person has not signed in lately. */
  total: number;
  isKnown: boolean;
  /** Milliseconds since this network's last attempt. */
  elapsed: number;
}

/** Whole seconds until this network's next attempt is looked at; 0 for now. */
export function secondsToWait({ failures, total, isKnown, elapsed }: Standing): number {
  if (failures === 0) return 0;
  const counted = isKnown ? failures : Math.max(failures, total);
  if (counted < freeFailures) return 0;
  const delay = Math.min(longestDelay, 2 ** (counted - freeFailures));
  return Math.max(0, Math.ceil(delay - Math.max(0, elapsed) / 1000));
}

const networkIndex = (network: string) => blindIndex("network", network);
/** Not the index of a family's address: nothing here shall be comparable with one. */
const accountIndex = (email: string) => blindIndex("network", `sign-in\0${email}`);

/** The row of this account, network and kind. */
const rowOf = ({ kind, email, network }: Attempt) =>
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
 * Counts one attempt before it is looked at, as a failure until it turns out right, so that parallel
 * guesses cannot slip past. Returns 0, or the seconds to wait when it shall not be looked at.
 */
export async function recordAttempt(attempt: Attempt, now = new Date()): Promise<number> {
  return transaction(async (tx) => {
    const { kind, email, network } = attempt;
    const key = { account: accountIndex(email), network: networkIndex(network), kind };
    // The row is locked from here on: attempts of one network are judged one after the other.
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

/** The failures that count beside a network's own, and whether they count for it. */
async function othersOf(tx: Executor, { kind, email, network }: Attempt, now: Date) {
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
 * The attempt was wrong: the delay runs from the answer, and it leaves a trace if the account exists.
 * Both kinds of address write and commit alike, so that the time taken tells nobody which one it was.
 */
export async function confirmFailure(attempt: Attempt, now = new Date()): Promise<void> {
  const kind = attempt.kind === "password" ? "sign_in_failed" : "code_failed";
  await countRefusalAndTell(attempt.email, kind, now, async (tx) => {
    await tx.update(signInAttempts).set({ attemptedAt: now }).where(rowOf(attempt));
  });
}

/** The attempt was right: this network's failures are forgotten. */
export async function clearAttempts(attempt: Attempt): Promise<void> {
  await db.delete(signInAttempts).where(rowOf(attempt));
}

/** The person has signed in from this network, which from now on is not slowed by others. */
export async function rememberNetwork(staffId: string, network: string, now = new Date()): Promise<void> {
  await db
    .insert(staffNetworks)
    .values({ staffId, network: networkIndex(network), seenAt: now })
    .onConflictDoUpdate({ target: [staffNetworks.staffId, staffNetworks.network], set: { seenAt: now } });
}
