/**
 * The receipt code, which together with the reference opens a family's correspondence. It is shown on the
 * receipt until the family confirms that it is written down, or for an hour; what stays is a keyed hash.
 */

import { timingSafeEqual } from "node:crypto";
import { and, eq, isNotNull, lt, sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { blindIndex } from "#db/vault/blind-index.ts";
import { unseal, unwrap } from "#db/vault/vault.ts";
import { normaliseReceiptCode, normaliseReference } from "./reference.ts";

/** What is stored of a code. It is valid for this reference alone. */
export const receiptCodeHash = (reference: string, code: string): Buffer =>
  blindIndex("receipt_code", `${normaliseReference(reference)}\0${normaliseReceiptCode(code)}`);

/** Whether two hashes are equal, in constant time, also when none is stored (which is never equal). */
export function isSameHash(stored: Buffer | null | undefined, given: Buffer): boolean {
  const isPresent = stored?.length === given.length;
  return timingSafeEqual(isPresent ? stored : Buffer.alloc(given.length), given) && isPresent;
}

/** How long the receipt shows a code that nobody confirms. */
const shownForMs = 3_600_000;

/** `confirmed`: the family wrote it down; `hidden`: an hour has passed, or staff made a new code. */
export type ShownCode = { state: "shown"; code: string } | { state: "confirmed" | "hidden" };

/** Whether the receipt of this reference still shows its code, and which. */
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
  const isExpired = row === undefined || row.receivedAt.getTime() + shownForMs <= now.getTime();
  if (isExpired || row.code === null || row.wrappedKey === null) return { state: "hidden" };
  const key = unwrap(row.wrappedKey, "cases.wrapped_key", row.caseId);
  return { state: "shown", code: unseal(key, row.code, "consultations.receipt_code", row.id) };
}

/**
 * Records that the family wrote the code down, which they prove by typing its last three characters or
 * all of it; from then on it is never shown again. False when they typed something else. True also when
 * the code is no longer shown: there is nothing left to confirm, and pressing twice is no error.
 */
export async function confirmReceiptCode(reference: string, typed: string, now = new Date()): Promise<boolean> {
  const shown = await codeToShow(reference, now);
  if (shown.state !== "shown") return true;
  const code = normaliseReceiptCode(shown.code);
  const input = normaliseReceiptCode(typed);
  if (input !== code && input !== code.slice(-3)) return false;
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

/** Deletes the readable codes of receipts older than an hour; their hashes stay. */
export async function forgetShownCodes(now: Date): Promise<void> {
  const old = db
    .select({ id: leads.id })
    .from(leads)
    .where(lt(leads.receivedAt, new Date(now.getTime() - shownForMs)));
  await db
    .update(consultations)
    .set({ receiptCode: null })
    .where(and(isNotNull(consultations.receiptCode), sql`${consultations.leadId} in ${old}`));
}
