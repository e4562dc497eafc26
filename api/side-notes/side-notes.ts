/** Reading what every reader of a case must know (必ず読む). */

import { desc, eq } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { sideNotes } from "#db/schema/side-notes.ts";
import { staff as people } from "#db/schema/staff.ts";
import { type CaseKey, unseal } from "#db/vault/vault.ts";

export interface SideNote {
  /** "" where none was ever written. */
  id: string;
  /** "" where there is nothing to know. */
  text: string;
  /** Who wrote it, and when; null where none was ever written. */
  by: { name: string; at: Date } | null;
}

/**
 * The note of a case. Its text is empty without the key, for an erased family. Whoever may open the case may read it,
 * peers too; that is for the caller to check. Lists and search hits never show it.
 */
export async function sideNoteOf(tx: Executor, caseId: string, key: CaseKey | undefined): Promise<SideNote> {
  const [row] = await tx
    .select({ id: sideNotes.id, body: sideNotes.body, at: sideNotes.writtenAt, name: people.name })
    .from(sideNotes)
    .innerJoin(people, eq(people.id, sideNotes.writtenBy))
    .where(eq(sideNotes.caseId, caseId))
    .orderBy(desc(sideNotes.id))
    .limit(1);
  if (!row) return { id: "", text: "", by: null };
  const text = key ? unseal(key, row.body, "side_notes.body", row.id) : "";
  return { id: row.id, text, by: { name: row.name, at: row.at } };
}
