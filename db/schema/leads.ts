/** Intake: one lead each time someone writes, downloads or subscribes. */
import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { codes, heardFrom, locale, relation, replyBy, schoolStage } from "../terms.ts";
import { cases } from "./cases.ts";
import { clicks } from "./attribution.ts";
import { bytea, id, instant } from "./columns.ts";
import { staff } from "./staff.ts";

export const leads = pgTable(
  "leads",
  {
    id: id(),
    kind: text("kind", { enum: ["consultation", "download", "subscription"] }).notNull(),
    channel: text("channel", { enum: ["form", "api", "sample"] }).notNull(),
    /** What the family quotes on the phone; only consultations have one. */
    reference: text("reference"),
    receivedAt: instant("received_at").notNull().defaultNow(),
    locale: text("locale", { enum: codes(locale) })
      .notNull()
      .default("ja"),
    clickId: uuid("click_id").references(() => clicks.id, { onDelete: "set null" }),
    idempotencyHmac: bytea("idempotency_hmac"),
    bodyHmac: bytea("body_hmac"),
    /** 0 = nothing odd; from `doubtful` (db/terms.ts) on it waits in the "check first" queue. Never a reason to drop. */
    suspicion: smallint("suspicion").notNull().default(0),
  },
  (t) => [
    uniqueIndex("leads_reference").on(t.reference),
    uniqueIndex("leads_idempotency").on(t.idempotencyHmac),
    index("leads_click")
      .on(t.clickId)
      .where(sql`${t.clickId} is not null`),
    index("leads_received").on(t.receivedAt),
  ],
);

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

/** What was written after the first request: the family's additions and our replies, all sealed. */
export const messages = pgTable(
  "messages",
  {
    id: id(),
    caseId: uuid("case_id")
      .notNull()
      .references(() => cases.id),
    consultationId: uuid("consultation_id")
      .notNull()
      .references(() => consultations.id),
    /** Null when the family wrote it. */
    staffId: uuid("staff_id").references(() => staff.id),
    body: bytea("body").notNull(),
    writtenAt: instant("written_at").notNull().defaultNow(),
    /** The day, in Asia/Tokyo, by which we promised to answer what the family added. */
    replyByDate: date("reply_by_date", { mode: "string" }),
    /** When the family first opened our reply. */
    readAt: instant("read_at"),
    idempotencyHmac: bytea("idempotency_hmac"),
    bodyHmac: bytea("body_hmac"),
  },
  (t) => [index("messages_case").on(t.caseId, t.writtenAt), uniqueIndex("messages_idempotency").on(t.idempotencyHmac)],
);

/** Counters of accepted requests per network and minute; UNLOGGED (see the migration), kept a day. */
export const rateWindows = pgTable(
  "rate_windows",
  {
    network: bytea("network").notNull(),
    minute: integer("minute").notNull(),
    scope: text("scope").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [uniqueIndex("rate_windows_key").on(t.network, t.scope, t.minute)],
);

/** Secrets of this installation (blind index, token and session keys), wrapped by the vault's key. */
export const vaultKeys = pgTable(
  "vault_keys",
  {
    name: text("name").primaryKey(),
    wrapped: bytea("wrapped").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [check("vault_keys_wrapped", sql`octet_length(${t.wrapped}) > 32`)],
);
