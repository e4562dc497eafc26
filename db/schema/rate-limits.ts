/** Counters behind the rate limits. */

import { integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { bytea } from "./columns.ts";

/** Counters of accepted requests per network and minute; UNLOGGED (see the migration), kept a day. */
export const rateWindows = pgTable(
  "rate_windows",
  {
    network: bytea("network").notNull(),
    minute: integer("minute").notNull(),
    scope: text("scope").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [uniqueIndex("rate_windows_key").on(t.network, t.scope, t.minute)],
);
