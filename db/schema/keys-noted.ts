/** Which keys somebody has shown to have on paper. */

import { pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

export const keysNoted = pgTable(
  "keys_noted",
  {
    kind: text("kind", { enum: ["vault", "backup"] }).notNull(),
    /** Id of the key (hexadecimal, of its hash): a new key has to be noted anew. */
    keyId: text("key_id").notNull(),
    notedAt: instant("noted_at").notNull(),
    /** The system user who typed groups of it in the terminal. */
    notedBy: text("noted_by").notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.keyId] })],
);
