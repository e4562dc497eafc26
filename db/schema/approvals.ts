/** Consent to publication, and the links by which it is given. */

import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { locale as locales } from "#db/terms/locale.ts";
import { bytea, id, instant } from "./columns.ts";
import { content, pictures } from "./content.ts";
import { staff } from "./staff.ts";

/**
 * One consent: to a revision of a text, to a picture, or to both. A later one for the same replaces it. A translation has
 * one of its own without a day: it names the text it translates, and holds as long as that does.
 */
export const approvals = pgTable(
  "approvals",
  {
    id: id(),
    contentId: uuid("content_id")
      .notNull()
      .references(() => content.id),
    locale: text("locale", { enum: codes(locales) }),
    revisionNo: integer("revision_no"),
    pictureId: uuid("picture_id").references(() => pictures.id),
    /** Where the signed paper is filed, or "link" and its number. */
    reference: text("reference").notNull(),
    wrappedKey: bytea("wrapped_key"),
    /** Sealed name of who gave it; null where it was taken over without a name. */
    givenBy: bytea("given_by"),
    /** YYYY-MM-DD in Asia/Tokyo. */
    givenOn: date("given_on", { mode: "string" }).notNull(),
    /** Last day, YYYY-MM-DD in Asia/Tokyo. Null for a translation. */
    until: date("until", { mode: "string" }),
    /** Codes of `approvalChannel`. */
    channels: text("channels").array().notNull(),
    translatesLocale: text("translates_locale", { enum: codes(locales) }),
    translatesNo: integer("translates_no"),
    recordedBy: uuid("recorded_by").references(() => staff.id),
    recordedAt: instant("recorded_at").notNull(),
    withdrawnAt: instant("withdrawn_at"),
    /** When the keepers were reminded that it ends. */
    remindedAt: instant("reminded_at"),
  },
  (table) => [
    index("approvals_text").on(table.contentId, table.locale, table.revisionNo),
    index("approvals_picture").on(table.pictureId),
    check(
      "approvals_what",
      sql`(${table.revisionNo} is not null and ${table.locale} is not null) or ${table.pictureId} is not null`,
    ),
    check("approvals_until", sql`(${table.until} is null) = (${table.translatesNo} is not null)`),
  ],
);

/** A link to one revision in one language, for the family, the partner or a director. */
export const previewLinks = pgTable(
  "preview_links",
  {
    id: id(),
    contentId: uuid("content_id")
      .notNull()
      .references(() => content.id),
    locale: text("locale", { enum: codes(locales) }).notNull(),
    revisionNo: integer("revision_no").notNull(),
    /** "approve": the page asks for an answer. "look": it only shows. */
    purpose: text("purpose", { enum: ["approve", "look"] }).notNull(),
    madeBy: uuid("made_by")
      .notNull()
      .references(() => staff.id),
    madeAt: instant("made_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    answer: text("answer", { enum: ["approved", "change"] }),
    answeredAt: instant("answered_at"),
    wrappedKey: bytea("wrapped_key"),
    /** Sealed words of whoever asks for a change. */
    answerWords: bytea("answer_words"),
  },
  (table) => [index("preview_links_content").on(table.contentId)],
);

/** Where something that hangs on a consent was used outside the site: what cannot be called back. */
export const publicationUses = pgTable(
  "publication_uses",
  {
    id: id(),
    contentId: uuid("content_id")
      .notNull()
      .references(() => content.id),
    /** In staff's words: "2027年3月号のメールマガジン". */
    place: text("place").notNull(),
    usedOn: date("used_on", { mode: "string" }).notNull(),
    notedBy: uuid("noted_by")
      .notNull()
      .references(() => staff.id),
    notedAt: instant("noted_at").notNull(),
  },
  (table) => [index("publication_uses_content").on(table.contentId)],
);
