/** What is to be done next in a case, and on which day. */

import { sql } from "drizzle-orm";
import { check, date, index, pgTable, uuid } from "drizzle-orm/pg-core";
import { cases, entries } from "./cases.ts";
import { bytea, id, instant } from "./columns.ts";
import { staff } from "./staff.ts";

/** Open while neither `done_at` nor `silenced_at` is set. */
export const reminders = pgTable(
  "reminders",
  {
    id: id(),
    caseId: uuid("case_id")
      .notNull()
      .references(() => cases.id),
    /** The entry of the journal that it was written with; null for one written by itself. */
    entryId: uuid("entry_id").references(() => entries.id),
    /** Sealed: what is to be done. */
    body: bytea("body").notNull(),
    /** The day, in Asia/Tokyo, on which it comes up. */
    dueDay: date("due_day", { mode: "string" }).notNull(),
    /** Whom it is meant for; null: whoever is responsible for the case on that day. */
    staffId: uuid("staff_id").references(() => staff.id),
    writtenBy: uuid("written_by")
      .notNull()
      .references(() => staff.id),
    writtenAt: instant("written_at").notNull(),
    doneAt: instant("done_at"),
    doneBy: uuid("done_by").references(() => staff.id),
    /** When the family wrote, which made it void. */
    silencedAt: instant("silenced_at"),
  },
  (t) => [
    index("reminders_case").on(t.caseId),
    /** What the lists read: open reminders alone. */
    index("reminders_open")
      .on(t.dueDay, t.caseId)
      .where(sql`${t.doneAt} is null and ${t.silencedAt} is null`),
    check("reminders_done", sql`(${t.doneAt} is null) = (${t.doneBy} is null)`),
  ],
);
