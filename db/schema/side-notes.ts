/** What every reader of a case must know (必ず読む), sealed. */

import { index, pgTable, uuid } from "drizzle-orm/pg-core";
import { cases } from "./cases.ts";
import { bytea, id, instant } from "./columns.ts";
import { staff } from "./staff.ts";

/** One row for each time it was written: the newest one counts, an empty text says that there is none any more. */
export const sideNotes = pgTable(
  "side_notes",
  {
    id: id(),
    caseId: uuid("case_id")
      .notNull()
      .references(() => cases.id),
    /** Sealed text. */
    body: bytea("body").notNull(),
    writtenBy: uuid("written_by")
      .notNull()
      .references(() => staff.id),
    writtenAt: instant("written_at").notNull(),
  },
  (t) => [index("side_notes_case").on(t.caseId)],
);
