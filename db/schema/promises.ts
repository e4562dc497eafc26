/** What is owed to families: one row for each request or addition that we promised to answer. */

import { sql } from "drizzle-orm";
import { check, date, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { promiseEndReason } from "#db/terms/promises.ts";
import { cases, entries } from "./cases.ts";
import { id, instant } from "./columns.ts";
import { consultations } from "./consultations.ts";
import { messages } from "./messages.ts";
import { staff } from "./staff.ts";

/**
 * A promise is open while neither `kept_at` nor `ended_at` is set. `settlePromises` (db/promises/settle.ts) alone keeps one
 * and opens it again.
 */
export const promises = pgTable(
  "promises",
  {
    id: id(),
    caseId: uuid("case_id")
      .notNull()
      .references(() => cases.id),
    /** The request that it answers, or the one that the answered message was added to. */
    consultationId: uuid("consultation_id")
      .notNull()
      .references(() => consultations.id),
    /** The family's message that it answers; null: the request itself. */
    messageId: uuid("message_id").references(() => messages.id),
    /** When the words arrived. */
    madeAt: instant("made_at").notNull(),
    /** The day, in Asia/Tokyo, by which an answer was promised. It stays when the promise is opened again. */
    dueDay: date("due_day", { mode: "string" }).notNull(),
    keptAt: instant("kept_at"),
    /** What kept it: one of our messages, or an entry of the journal. Both null while it is not kept. */
    keptByReplyId: uuid("kept_by_reply_id").references(() => messages.id),
    keptByEntryId: uuid("kept_by_entry_id").references(() => entries.id),
    /** Who wrote that. */
    keptBy: uuid("kept_by").references(() => staff.id),
    /** When the notice of the reply that had kept it was refused, the last time. */
    reopenedAt: instant("reopened_at"),
    /** The newest such reply: it keeps the promise only once its notice was accepted or the family has read it. */
    refusedReplyId: uuid("refused_reply_id").references(() => messages.id),
    endedAt: instant("ended_at"),
    endReason: text("end_reason", { enum: codes(promiseEndReason) }),
    /** Null for a command and for retention. */
    endedBy: uuid("ended_by").references(() => staff.id),
  },
  (t) => [
    index("promises_case").on(t.caseId),
    uniqueIndex("promises_message")
      .on(t.messageId)
      .where(sql`${t.messageId} is not null`),
    /** What the lists read: it holds the open promises alone, however many cases there are. */
    index("promises_open")
      .on(t.dueDay, t.caseId)
      .where(sql`${t.keptAt} is null and ${t.endedAt} is null`),
    check("promises_kept", sql`(${t.keptAt} is not null) = (num_nonnulls(${t.keptByReplyId}, ${t.keptByEntryId}) = 1)`),
    check("promises_ended", sql`(${t.endedAt} is null) = (${t.endReason} is null)`),
    check("promises_one_fate", sql`${t.keptAt} is null or ${t.endedAt} is null`),
  ],
);
