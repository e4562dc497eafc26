/**
 * The code that, with the reference, lets a family come back: shown once, on the receipt, until they
 * say that they wrote it down or an hour has passed. What stays is a keyed hash.
 */

import { timingSafeEqual } from "node:crypto";
import { and, eq, isNotNull, lt, sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { pooledRandomBytes } from "#db/random/bytes.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { blindIndex, unseal, unwrap } from "#db/vault/vault.ts";

/** No letters or digits that are mistaken for each other on the phone; 32 of them, so a byte picks evenly. */
const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/** Random characters in groups of these sizes: K7MQ-4X2P. */
export function randomReadable(...groups: number[]): string {
  const letters = (size: number) =>
    Array.from(pooledRandomBytes(size), (byte) => alphabet[byte % alphabet.length]).join("");
  return groups.map(letters).join("-");
}

/** Ten characters, 50 random bits: 7KQM-X2P-9AB. */
export const newReceiptCode = (): string => randomReadable(4, 3, 3);

/** As people type on phones: any width, either case, with or without dashes, spaces and what nobody sees. */
export const plainCode = (typed: string): string =>
  typed
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Cc}\p{Cf}\p{Pd}−ー－]/gu, "");

/** A reference as it is stored, whatever way it was typed. */
export const plainReference = (typed: string): string => plainCode(typed).replace(/^(.{4})(.{4})$/u, "$1-$2");

/** What is stored of a code. It fits this reference alone. */
export const receiptCodeHash = (reference: string, code: string): Buffer =>
  blindIndex("receipt_code", `${plainReference(reference)}\0${plainCode(code)}`);

/** Whether two hashes are the same; an absent one costs the same time and never is. */
export function isSameHash(stored: Buffer | null | undefined, given: Buffer): boolean {
  const isThere = stored?.length === given.length;
  return timingSafeEqual(isThere ? stored : Buffer.alloc(given.length), given) && isThere;
}

/** How long the receipt shows the code to somebody who does not confirm it. */
const shownFor = 3_600_000;

/** `confirmed`: written down; `hidden`: an hour has passed, or staff made another one. */
export type ShownCode = { state: "shown"; code: string } | { state: "confirmed" | "hidden" };

/** What the receipt of this reference may show now. */
export async function codeToShow(reference: string, now = new Date()): Promise<ShownCode> {
  const [row] = await db
    .select({
      id: consultations.id,
      caseId: consultations.caseId,
      wrappedKey: cases.wrappedKey,
      code: consultations.receiptCode,
      confirmedAt: consultations.receiptCodeConfirmedAt,
      receivedAt: leads.receivedAt,
    })
    .from(consultations)
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .innerJoin(cases, eq(cases.id, consultations.caseId))
    .where(eq(leads.reference, reference));
  if (row && row.confirmedAt !== null) return { state: "confirmed" };
  const isOver = row === undefined || row.receivedAt.getTime() + shownFor <= now.getTime();
  if (isOver || row.code === null || row.wrappedKey === null) return { state: "hidden" };
  const key = unwrap(row.wrappedKey, "cases.wrapped_key", row.caseId);
  return { state: "shown", code: unseal(key, row.code, "consultations.receipt_code", row.id) };
}

/**
 * The family typed the end of the code, or all of it: from now on nobody can be shown it. False when
 * it is another one; where nothing is shown any more there is nothing to confirm, and that is no error.
 */
export async function confirmReceiptCode(reference: string, typed: string, now = new Date()): Promise<boolean> {
  const shown = await codeToShow(reference, now);
  if (shown.state !== "shown") return true;
  const code = plainCode(shown.code);
  const said = plainCode(typed);
  if (said !== code && said !== code.slice(-3)) return false;
  await db
    .update(consultations)
    .set({ receiptCode: null, receiptCodeConfirmedAt: sql`${now.toISOString()}::timestamptz` })
    .where(
      and(
        isNotNull(consultations.receiptCode),
        sql`${consultations.leadId} = (select ${leads.id} from ${leads} where ${leads.reference} = ${reference})`,
      ),
    );
  return true;
}

/** Forgets the codes of receipts older than an hour. */
export async function forgetShownCodes(now: Date): Promise<void> {
  const old = db
    .select({ id: leads.id })
    .from(leads)
    .where(lt(leads.receivedAt, new Date(now.getTime() - shownFor)));
  await db
    .update(consultations)
    .set({ receiptCode: null })
    .where(and(isNotNull(consultations.receiptCode), sql`${consultations.leadId} in ${old}`));
}
