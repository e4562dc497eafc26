/** Numbers of closed quarters as they were published; a row of the organisation's own never changes (see the migration). */

import { boolean, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { QuarterNumbers } from "#db/terms/published-numbers.ts";
import { instant } from "./columns.ts";

export const publishedQuarters = pgTable(
  "published_quarters",
  {
    /** As db/terms/quarters.ts names it: "2026-Q1". */
    quarter: text("quarter").notNull(),
    /** Invented: shown while the installation is the sample, and taken away with it. */
    isSample: boolean("is_sample").notNull().default(false),
    numbers: jsonb("numbers").$type<QuarterNumbers>().notNull(),
    publishedAt: instant("published_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.quarter, t.isSample] })],
);
