/** Corrections of how a family is reached: who changed what, when, and what stood there before. */

import { sql } from "drizzle-orm";
import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { contactField } from "#db/terms/contacts.ts";
import { cases } from "./cases.ts";
import { bytea, id, instant } from "./columns.ts";
import { consultations } from "./consultations.ts";
import { staff } from "./staff.ts";

export const contactCorrections = pgTable(
  "contact_corrections",
  {
    id: id(),
    caseId: uuid("case_id")
      .notNull()
      .references(() => cases.id),
    /** Whose contact was corrected. */
    consultationId: uuid("consultation_id")
      .notNull()
      .references(() => consultations.id),
    correctedBy: uuid("corrected_by")
      .notNull()
      .references(() => staff.id),
    correctedAt: instant("corrected_at").notNull(),
    /** What changed, never to or from what. */
    fields: text("fields", { enum: codes(contactField) })
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** Sealed JSON of what stood there before, {name, email, phone, reply_by, call_as, …}, of the fields that changed. */
    before: bytea("before").notNull(),
  },
  (t) => [index("contact_corrections_case").on(t.caseId)],
);
