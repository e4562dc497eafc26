/** Logos that staff uploaded, as pixels of our own; the setting `logo` says which one is shown. */

import { integer, pgTable, uuid } from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns.ts";
import { staff } from "./staff.ts";

export const logos = pgTable("logos", {
  id: id(),
  /** PNG, longest side at most 1,024 pixels, encoded anew from what was uploaded (api/uploads/logo.ts). */
  content: bytea("content").notNull(),
  width: integer("width").notNull(),
  height: integer("height").notNull(),
  uploadedBy: uuid("uploaded_by").references(() => staff.id),
  uploadedAt: instant("uploaded_at").notNull(),
});
