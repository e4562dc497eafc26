/** Restores of this database from a backup: what came back, and what may be missing. */

import { jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

/** What was put right after a restore, before anything was served. */
export interface RestoreCounts {
  /** Families, guide requests, readers and entries erased since, and readers who left since: they are so again. */
  erased: number;
  /** Messages of the ledger that are known to have been accepted. */
  accepted: number;
  /** Copies of issues that went out after that moment. */
  skipped: number;
  /** Messages of which nobody knows whether they went out. */
  uncertain: number;
  /** Messages that went out later, and of which this database knows nothing; absent in restores of before this was counted. */
  lost?: number;
  /** The object at which the shipped log broke off, and how many later ones were of no use; absent where it was whole. */
  gap?: { object: string; unused: number };
  /** Rows of the main tables. */
  rows: Record<string, number>;
}

export const restores = pgTable("restores", {
  id: id(),
  restoredAt: instant("restored_at").notNull(),
  /** Set and id of the base backup (api/backup/sets.ts), or the export's name in its store ("exports/ID"). */
  backup: text("backup").notNull(),
  /** When the last transaction that came back was committed, or the export was made: what was written later, until the failure, is lost. */
  restoredTo: instant("restored_to").notNull(),
  /** The moment that was asked for; null: as late as the backup reaches. */
  requestedAt: instant("requested_at"),
  counts: jsonb("counts").$type<RestoreCounts>().notNull(),
});
