/** Requests for help, sealed under their case's key. */

import { sql } from "drizzle-orm";
import { check, date, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { heardFrom, relation, replyBy, schoolStage } from "#db/terms/consultation.ts";
import { cases } from "./cases.ts";
import { bytea, id, instant } from "./columns.ts";
import { leads } from "./leads.ts";
import { reminders } from "./reminders.ts";
import { staff } from "./staff.ts";

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
    /** Sealed: how they heard of us in their own words, where no code of `heard_from` says it. */
    heardWords: bytea("heard_words"),
    replyBy: text("reply_by", { enum: codes(replyBy) }).notNull(),
    /** The day, in Asia/Tokyo, by which we promised to answer. */
    replyByDate: date("reply_by_date", { mode: "string" }).notNull(),
    /** Sealed JSON {name, email, phone}; apart from the message so that mailing never opens the words. */
    contact: bytea("contact").notNull(),
    message: bytea("message").notNull(),
    emailIndex: bytea("email_index"),
    phoneIndex: bytea("phone_index"),
    /** The exact consent sentence that the person ticked, or that was read aloud to them; null: not asked yet. */
    consent: text("consent"),
    /** Who read the sentence aloud and was told yes, and when; both null where it was ticked on a form. */
    consentAskedBy: uuid("consent_asked_by").references(() => staff.id),
    consentAskedAt: instant("consent_asked_at"),
    /** The reminder to ask for consent, of a call in which it was not asked; done once the consent is recorded. */
    consentReminderId: uuid("consent_reminder_id").references(() => reminders.id),
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
    /** What きょう reads: the few whose consent is still to be asked for. */
    index("consultations_without_consent")
      .on(t.caseId)
      .where(sql`${t.consent} is null`),
    check("consultations_consent_asked", sql`(${t.consentAskedBy} is null) = (${t.consentAskedAt} is null)`),
    check("consultations_consent_spoken", sql`${t.consentAskedBy} is null or ${t.consent} is not null`),
  ],
);
