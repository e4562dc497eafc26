/** What a family and we write to each other after the first request, sealed. */

import { type AnyPgColumn, date, index, pgTable, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { cases } from "./cases.ts";
import { bytea, id, instant } from "./columns.ts";
import { consultations } from "./consultations.ts";
import { staff } from "./staff.ts";

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
    /**
     * In a reply: the newest message that its writer's page had shown, null when there was none. The reply answers
     * the request and what was written up to that message, nothing later.
     */
    shownMessageId: uuid("shown_message_id").references((): AnyPgColumn => messages.id),
    /** When the family first opened our reply. */
    readAt: instant("read_at"),
    idempotencyHmac: bytea("idempotency_hmac"),
    bodyHmac: bytea("body_hmac"),
  },
  (t) => [index("messages_case").on(t.caseId, t.writtenAt), uniqueIndex("messages_idempotency").on(t.idempotencyHmac)],
);
