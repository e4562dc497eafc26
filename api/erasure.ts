/** Forgetting on request (個人情報保護法 第35条): the key goes, so the words can never be read again. */
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { and, eq, type SQL, sql } from "drizzle-orm";
import { audit, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { one } from "#db/errors.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations, leads } from "#db/schema/leads.ts";
import { deliveries } from "#db/schema/mail.ts";

/**
 * Erases the family that this reference belongs to. Throws NotFound for an unknown reference.
 */
export async function eraseFamily(
  reference: string,
  by: Staff | null = null,
): Promise<{ reference: string; case: string }> {
  const { caseId } = one(
    await db
      .select({ caseId: consultations.caseId })
      .from(consultations)
      .innerJoin(leads, eq(leads.id, consultations.leadId))
      .where(eq(leads.reference, reference.trim().toUpperCase())),
  );
  await eraseCase(caseId, by);
  return { reference, case: caseId };
}

/**
 * Erases everything sealed in a case; a stub with dates and codes stays for the counts. A line goes to
 * DATA_DIR/tombstones.log, outside the database, so that a restored backup can forget again. With `only`, a case
 * that is not like that any more is left alone; returns whether it was erased.
 */
export async function eraseCase(caseId: string, by: Staff | null, only?: SQL): Promise<boolean> {
  const mails = await db.transaction(async (tx) => {
    const erased = await tx
      .update(cases)
      .set({ wrappedKey: null, version: sql`${cases.version} + 1` })
      .where(and(eq(cases.id, caseId), only))
      .returning({ id: cases.id });
    if (erased.length === 0) return undefined;
    await tx
      .update(consultations)
      .set({ emailIndex: null, phoneIndex: null, receiptCode: null, receiptCodeHash: null })
      .where(eq(consultations.caseId, caseId));
    const sent = await tx
      .select({ id: deliveries.id })
      .from(deliveries)
      .innerJoin(consultations, eq(consultations.leadId, deliveries.leadId))
      .where(eq(consultations.caseId, caseId));
    await audit(tx, by, "erase", "case", caseId);
    // Before the commit: a tombstone too many does no harm, one too few would.
    const line = JSON.stringify({ at: new Date().toISOString(), case: caseId });
    appendFileSync(join(env.DATA_DIR, "tombstones.log"), `${line}\n`, { mode: 0o600, flush: true });
    return sent;
  });
  // Without a mail server, mails are files, and their envelopes name the family.
  for (const { id } of mails ?? []) rmSync(join(env.DATA_DIR, "outbox", `${id}.eml`), { force: true });
  return mails !== undefined;
}
