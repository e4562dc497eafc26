/** PDFs offered for download, and the grants that open them. */
import { index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns.ts";
import { leads } from "./leads.ts";

export const guides = pgTable("guides", {
  slug: text("slug").primaryKey(),
  title: text("title").notNull(),
  /** The name the family's device saves it under. */
  fileName: text("file_name").notNull(),
  /** Name under DATA_DIR/guides: the SHA-256 of the content. */
  storedAs: text("stored_as").notNull(),
  bytes: integer("bytes").notNull(),
  addedAt: instant("added_at").notNull().defaultNow(),
});

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
  (t) => [uniqueIndex("download_grants_token").on(t.tokenHash), index("download_grants_lead").on(t.leadId)],
);
