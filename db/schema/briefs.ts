/** What a peer who helps in a case is to know before a visit: one current text for each case. */

import { pgTable, uuid } from "drizzle-orm/pg-core";
import { cases } from "./cases.ts";
import { bytea, id, instant } from "./columns.ts";
import { staff } from "./staff.ts";

export const briefs = pgTable("briefs", {
  /** New with every writing, so that a form and a notice can name the text that they are about. */
  id: id(),
  caseId: uuid("case_id")
    .notNull()
    .unique("briefs_case")
    .references(() => cases.id),
  /** Sealed text. */
  body: bytea("body").notNull(),
  writtenBy: uuid("written_by")
    .notNull()
    .references(() => staff.id),
  writtenAt: instant("written_at").notNull(),
});
