/** Requests for help, sealed under their case's key. */

import { sql } from "drizzle-orm";
import { date, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { heardFrom, relation, replyBy, schoolStage } from "#db/terms/consultation.ts";
import { cases } from "./cases.ts";
import { bytea, id, instant } from "./columns.ts";
import { leads } from "./leads.ts";

export const consultations = pgTable(
  "consultations",
  {
    id: id(),
    leadId: uuid("lead_id")
      .notNull()
      .unique()
      .references(() => leads.id),
    caseId: uuid("case_id")
      .notNull()
      .references(() => cases.id),
    relation: text("relation", { enum: codes(relation) }),
    topics: text("topics")
      .array()
      .notNull()
      .default(sql`'{}'`),
    schoolStage: text("school_stage", { enum: codes(schoolStage) }),
    municipality: text("municipality"),
    heardFrom: text("heard_from", { enum: codes(heardFrom) }),
    replyBy: text("reply_by", { enum: codes(replyBy) }).notNull(),
    /** The day, in Asia/Tokyo, by which we promised to answer. */
    replyByDate: date("reply_by_date", { mode: "string" }).notNull(),
    /** Sealed JSON {name, email, phone}; apart from the message so that mailing never opens the words. */
    contact: bytea("contact").notNull(),
    message: bytea("message").notNull(),
    emailIndex: bytea("email_index"),
    phoneIndex: bytea("phone_index"),
    /** The exact consent sentence the person ticked. */
    consent: text("consent").notNull(),
    /** Keyed hash of the code that, with the reference, opens the page for coming back. */
    receiptCodeHash: bytea("receipt_code_hash"),
    /** The sealed code itself, only until the person has said that they wrote it down. */
    receiptCode: bytea("receipt_code"),
    receiptCodeConfirmedAt: instant("receipt_code_confirmed_at"),
  },
  (t) => [
    index("consultations_case").on(t.caseId),
    index("consultations_email").on(t.emailIndex),
    index("consultations_phone").on(t.phoneIndex),
  ],
);
