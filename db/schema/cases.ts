/** The lasting work with one family. */

import { sql } from "drizzle-orm";
import { type AnyPgColumn, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { assignmentRole, caseState, closureReason, entryChannel, entryOutcome, party } from "#db/terms/cases.ts";
import { codes } from "#db/terms/codes.ts";
import { bytea, id, instant } from "./columns.ts";
import { staff } from "./staff.ts";

export const cases = pgTable(
  "cases",
  {
    id: id(),
    state: text("state", { enum: codes(caseState) })
      .notNull()
      .default("new"),
    /** Data key of everything sealed in this case, wrapped by the vault; null once erased. */
    wrappedKey: bytea("wrapped_key"),
    openedAt: instant("opened_at").notNull().defaultNow(),
    /** Optimistic lock: every change adds one. */
    version: integer("version").notNull().default(1),
  },
  (t) => [index("cases_state").on(t.state, t.openedAt)],
);

export const assignments = pgTable(
  "assignments",
  {
    id: id(),
    caseId: uuid("case_id")
      .notNull()
      .references(() => cases.id),
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id),
    assignedBy: uuid("assigned_by")
      .notNull()
      .references(() => staff.id),
    assignedAt: instant("assigned_at").notNull().defaultNow(),
    endedAt: instant("ended_at"),
    role: text("role", { enum: codes(assignmentRole) })
      .notNull()
      .default("helper"),
    /** The entry of the journal with the note of the handover by which the person got the case; null otherwise. */
    handoverEntryId: uuid("handover_entry_id").references((): AnyPgColumn => entries.id),
  },
  (t) => [
    index("assignments_case").on(t.caseId),
    index("assignments_staff").on(t.staffId),
    /** Claiming is exclusive: a case has one responsible person at most. */
    uniqueIndex("assignments_responsible")
      .on(t.caseId)
      .where(sql`${t.role} = 'responsible' and ${t.endedAt} is null`),
  ],
);

/** When each person last opened a case; what came later is unread by them (api/holders/unread.ts). */
export const caseReads = pgTable(
  "case_reads",
  {
    caseId: uuid("case_id")
      .notNull()
      .references(() => cases.id),
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id),
    readAt: instant("read_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.caseId, t.staffId] })],
);

/** One line of the journal: when, who, to whom, what response. */
export const entries = pgTable(
  "entries",
  {
    id: id(),
    caseId: uuid("case_id")
      .notNull()
      .references(() => cases.id),
    authorId: uuid("author_id")
      .notNull()
      .references(() => staff.id),
    happenedAt: instant("happened_at").notNull(),
    channel: text("channel", { enum: codes(entryChannel) }).notNull(),
    fromParty: text("from_party", { enum: codes(party) }).notNull(),
    toParty: text("to_party", { enum: codes(party) }).notNull(),
    /** Whether somebody was reached, of a call, visit or meeting; null where it was not recorded. */
    outcome: text("outcome", { enum: codes(entryOutcome) }),
    /** Sealed JSON {who, whom, what}. */
    body: bytea("body").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** Since when peers who help in the case read it; null: they do not. Its author always reads it. */
    shownToPeersAt: instant("shown_to_peers_at"),
  },
  (t) => [index("entries_case").on(t.caseId, t.happenedAt)],
);

export const closures = pgTable(
  "closures",
  {
    id: id(),
    caseId: uuid("case_id")
      .notNull()
      .references(() => cases.id),
    reason: text("reason", { enum: codes(closureReason) }).notNull(),
    closedBy: uuid("closed_by")
      .notNull()
      .references(() => staff.id),
    closedAt: instant("closed_at").notNull().defaultNow(),
    reopenedBy: uuid("reopened_by").references(() => staff.id),
    reopenedAt: instant("reopened_at"),
  },
  (t) => [index("closures_case").on(t.caseId)],
);
