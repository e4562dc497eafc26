/** Forgetting on request (個人情報保護法 第35条): the key goes, so the words can never be read again. */
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { audit, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { one } from "#db/errors.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations, leads } from "#db/schema/leads.ts";
import { deliveries } from "#db/schema/mail.ts";

/**
 * Erases everything sealed in the case that this reference belongs to; a stub with dates and codes
 * stays for the counts. A line goes to DATA_DIR/tombstones.log, outside the database, so that a
 * restored backup can forget again. Throws NotFound for an unknown reference.
 */
export async function eraseFamily(
  reference: string,
  by: Staff | null = null,
): Promise<{ reference: string; case: string }> {
  const found = await db.transaction(async (tx) => {
    const row = one(
      await tx
        .select({ caseId: consultations.caseId })
        .from(consultations)
        .innerJoin(leads, eq(leads.id, consultations.leadId))
        .where(eq(leads.reference, reference.trim().toUpperCase())),
    );
    await tx
      .update(cases)
      .set({ wrappedKey: null, version: sql`${cases.version} + 1` })
      .where(eq(cases.id, row.caseId));
    await tx
      .update(consultations)
      .set({ emailIndex: null, phoneIndex: null, receiptCode: null, receiptCodeHash: null })
      .where(eq(consultations.caseId, row.caseId));
    const mails = await tx
      .select({ id: deliveries.id })
      .from(deliveries)
      .innerJoin(consultations, eq(consultations.leadId, deliveries.leadId))
      .where(eq(consultations.caseId, row.caseId));
    await audit(tx, by, "erase", "case", row.caseId);
    // Before the commit: a tombstone too many does no harm, one too few would.
    const line = JSON.stringify({ at: new Date().toISOString(), case: row.caseId });
    appendFileSync(join(env.DATA_DIR, "tombstones.log"), `${line}\n`, { mode: 0o600, flush: true });
    return { ...row, mails };
  });
  // Without a mail server, mails are files, and their envelopes name the family.
  for (const { id } of found.mails) rmSync(join(env.DATA_DIR, "outbox", `${id}.eml`), { force: true });
  return { reference, case: found.caseId };
}
