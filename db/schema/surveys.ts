/** Surveys whose results are published; what may not be published is nowhere here. */

import { boolean, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import type { SurveyResults } from "#db/terms/surveys.ts";
import { bytea, instant } from "./columns.ts";

export const surveys = pgTable("surveys", {
  /** Its name in the address. */
  slug: text("slug").primaryKey(),
  results: jsonb("results").$type<SurveyResults>().notNull(),
  /** The same results as a PDF, drawn when they were published. */
  report: bytea("report").notNull(),
  reportPages: integer("report_pages").notNull(),
  /** The invented one: shown while the installation is the sample, and taken away with it. */
  isSample: boolean("is_sample").notNull().default(false),
  publishedAt: instant("published_at").notNull(),
});
