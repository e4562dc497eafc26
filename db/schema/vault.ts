/** The installation's own secrets, wrapped. */

import { sql } from "drizzle-orm";
import { check, pgTable, text } from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns.ts";

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
