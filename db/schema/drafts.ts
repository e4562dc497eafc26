/** What staff typed and have not sent, and which forms of theirs were sent. */

import { sql } from "drizzle-orm";
import { boolean, check, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { cases } from "./cases.ts";
import { bytea, id, instant } from "./columns.ts";
import { staff } from "./staff.ts";

/** The data key of one person's drafts about no case, wrapped by the vault. */
export const draftKeys = pgTable("draft_keys", {
  staffId: uuid("staff_id")
    .primaryKey()
    .references(() => staff.id, { onDelete: "cascade" }),
  wrappedKey: bytea("wrapped_key").notNull(),
});

/**
 * Forms that somebody filled in and that were not stored. One row for each showing of a form: what is typed in a second
 * window does not take the place of what was refused in the first.
 */
export const drafts = pgTable(
  "drafts",
  {
    id: id(),
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id, { onDelete: "cascade" }),
    /** The case that the form belongs to, under whose key the words are then sealed. */
    caseId: uuid("case_id").references(() => cases.id),
    /** Path that the form posts to. */
    form: text("form").notNull(),
    /** Path of the page that shows the form. */
    page: text("page").notNull(),
    /** HMAC of the form's key, by which what is typed on in the same showing replaces this row; null from a program. */
    keyHmac: bytea("key_hmac"),
    /** Sealed JSON {values, errors}; in the first column under the case's key, in the second under the person's. */
    caseBody: bytea("case_body"),
    ownBody: bytea("own_body"),
    /** Whether something was typed; otherwise the row says why a button was refused. Plain, so that drafts can be counted unopened. */
    hasWords: boolean("has_words").notNull().default(true),
    savedAt: instant("saved_at").notNull(),
  },
  (t) => [
    index("drafts_page").on(t.staffId, t.page),
    index("drafts_case").on(t.caseId),
    index("drafts_age").on(t.savedAt),
    check("drafts_body", sql`num_nonnulls(${t.caseBody}, ${t.ownBody}) = 1`),
    check("drafts_key", sql`(${t.caseId} is null) = (${t.caseBody} is null)`),
  ],
);

/** Idempotency keys of staff forms that were stored. The row is written in the transaction of what the form does. */
export const formKeys = pgTable(
  "form_keys",
  {
    /** HMAC of the person and the key. */
    keyHmac: bytea("key_hmac").primaryKey(),
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id, { onDelete: "cascade" }),
    /**
     * The case, so that an erasure finds the row. Not a foreign key: its check would take a shared lock on the case
     * before the verb locks it for a change, and two people who write on one case would deadlock.
     */
    caseId: uuid("case_id"),
    /** Path that the form posts to. */
    form: text("form").notNull(),
    /** HMAC of what was sent. */
    bodyHmac: bytea("body_hmac").notNull(),
    /** Where the answer led; null until it was given. */
    location: text("location"),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [index("form_keys_case").on(t.caseId), index("form_keys_age").on(t.createdAt)],
);
