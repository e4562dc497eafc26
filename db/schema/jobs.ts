/** Timed work: when each job ran last, and how it ended. */
import { jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** One row a job, overwritten by each run. */
export const jobRuns = pgTable("job_runs", {
  name: text("name").primaryKey(),
  startedAt: instant("started_at").notNull(),
  /** Null while it runs, and for ever where its process was killed. */
  finishedAt: instant("finished_at"),
  outcome: text("outcome", { enum: ["running", "done", "failed"] }).notNull(),
  /** When the last run that was done ended; null before the first. */
  succeededAt: instant("succeeded_at"),
  /** What the last run that was done counted, by the job's own words. */
  counts: jsonb("counts").$type<Record<string, number>>().notNull().default({}),
  /** Class and code of what it failed with, never its message. */
  error: text("error"),
});
