/** PDFs offered for download, and the grants that open them. */

import { sql } from "drizzle-orm";
import { index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns.ts";
import { leads } from "./leads.ts";
import { staff } from "./staff.ts";

export const guides = pgTable("guides", {
  slug: text("slug").primaryKey(),
  title: text("title").notNull(),
  summary: text("summary").notNull().default(""),
  forWhom: text("for_whom").notNull().default(""),
  /** Its parts in order, for the list of what is in it. */
  contents: text("contents")
    .array()
    .notNull()
    .default(sql`'{}'`),
  addedAt: instant("added_at").notNull().defaultNow(),
  /** Taken off the site; links already given answer 410. */
  withdrawnAt: instant("withdrawn_at"),
});

/** One file of a guide; links always open the newest. */
export const guideVersions = pgTable(
  "guide_versions",
  {
    id: id(),
    guideSlug: text("guide_slug")
      .notNull()
      .references(() => guides.slug),
    version: integer("version").notNull(),
    /** The name the family's device saves it under. */
    fileName: text("file_name").notNull(),
    /** Name under DATA_DIR/guides: the SHA-256 of the content. */
    storedAs: text("stored_as").notNull(),
    bytes: integer("bytes").notNull(),
    /** Null only where an older release stored the file; filled at the next start. */
    pages: integer("pages"),
    /** Name under DATA_DIR/guides of the picture of its first page. */
    preview: text("preview"),
    publishedAt: instant("published_at").notNull().defaultNow(),
    /** Null for a file that came with the product. */
    uploadedBy: uuid("uploaded_by").references(() => staff.id),
  },
  (t) => [uniqueIndex("guide_versions_version").on(t.guideSlug, t.version)],
);

export const downloadGrants = pgTable(
  "download_grants",
  {
    id: id(),
    leadId: uuid("lead_id")
      .notNull()
      .references(() => leads.id),
    guideSlug: text("guide_slug")
      .notNull()
      .references(() => guides.slug),
    /** SHA-256 of the token; the token itself is derived again only to write the mail. */
    tokenHash: bytea("token_hash").notNull(),
    wrappedKey: bytea("wrapped_key"),
    /** Sealed mail address. */
    email: bytea("email"),
    emailIndex: bytea("email_index"),
    expiresAt: instant("expires_at").notNull(),
    downloads: integer("downloads").notNull().default(0),
    firstDownloadedAt: instant("first_downloaded_at"),
  },
  (t) => [
    uniqueIndex("download_grants_token").on(t.tokenHash),
    index("download_grants_lead").on(t.leadId),
    index("download_grants_email").on(t.emailIndex),
  ],
);
