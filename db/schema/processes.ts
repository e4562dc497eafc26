/** Which processes of the product run on this database, and which keys each of them knows. */

import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

export const processes = pgTable("processes", {
  id: id(),
  host: text("host").notNull(),
  pid: integer("pid").notNull(),
  role: text("role", { enum: ["web", "worker", "all"] }).notNull(),
  /** Ids of the vault's keys it knows, in hexadecimal; the first is the one it wraps with. */
  keyIds: text("key_ids").array().notNull(),
  keySource: text("key_source", { enum: ["VAULT_KEY", "vault.key"] }).notNull(),
  /** Of the product (package.json); null: of a version that did not write it yet. */
  version: text("version"),
  startedAt: instant("started_at").notNull().defaultNow(),
  /** Written by the database's clock every few seconds. */
  seenAt: instant("seen_at").notNull().defaultNow(),
});
