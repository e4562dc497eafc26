/**
 * Timed work: a name, a schedule (cron, Asia/Tokyo) and a domain verb that takes the clock and returns
 * what it counted. Every process keeps the schedules; an advisory lock lets one of them at a time do the
 * work, and the row of the last run tells the others that it is done.
 *
 * Not here: the sender's poll (emails/outbox/sender.ts), which every worker does at once, every two
 * seconds; and the watchdog of the embedded server (db/cluster/), which works when there is no database
 * to hold a lock or a row.
 */
import { Cron } from "croner";
import { eq, sql } from "drizzle-orm";
import { applyRetention, deleteExpired } from "#api/privacy/retention.ts";
import { db, transaction } from "#db/client.ts";
import { log, traceOf } from "#db/log.ts";
import { jobRuns } from "#db/schema/jobs.ts";

interface Job {
  /** Cron pattern, read in Asia/Tokyo. */
  schedule: string;
  run: (now: Date) => Promise<Record<string, number>>;
}

/** Every job by name; the names stand in job_runs and in /metrics. */
export const jobs = {
  delete_expired: { schedule: "7 * * * *", run: deleteExpired },
  apply_retention: { schedule: "12 * * * *", run: applyRetention },
} satisfies Record<string, Job>;

export type JobName = keyof typeof jobs;

/** Namespace of our advisory locks for jobs; the second number is the job's own. */
const lockNamespace = 7_203_116;

/** Two processes whose clocks ring for the same tick: the second finds this young a run and leaves it. */
const sameTickMs = 30_000;

/**
 * Runs one job now, unless another process is at it or has just done it (`skipped`). What it threw is
 * logged, kept in its row and never thrown: the next tick tries again.
 */
export async function runJob(
  name: JobName,
  now = new Date(),
  job: Job = jobs[name],
): Promise<"done" | "failed" | "skipped"> {
  return transaction(async (tx) => {
    // Held until this transaction ends; the job works on connections of its own.
    const [lock] = await tx.execute<{ taken: boolean }>(
      sql`select pg_try_advisory_xact_lock(${lockNamespace}, hashtext(${name})) as taken`,
    );
    if (!lock?.taken) return "skipped";
    const [last] = await db.select().from(jobRuns).where(eq(jobRuns.name, name));
    const isDone = last?.outcome === "done" && Math.abs(now.getTime() - last.startedAt.getTime()) < sameTickMs;
    if (isDone) return "skipped";
    await record({ name, startedAt: now, finishedAt: null, outcome: "running", counts: {}, error: null });
    return finish(name, now, job);
  });
}

async function finish(name: JobName, startedAt: Date, job: Job): Promise<"done" | "failed"> {
  const started = performance.now();
  const finishedAt = () => new Date(startedAt.getTime() + Math.round(performance.now() - started));
  try {
    const counts = await job.run(startedAt);
    await record({ name, startedAt, finishedAt: finishedAt(), outcome: "done", counts, error: null });
    log("job", { job: name, outcome: "done", ms: Math.round(performance.now() - started), ...counts });
    return "done";
  } catch (error) {
    const trace = traceOf(error);
    log("job", { job: name, outcome: "failed", ...trace });
    const reason = [trace.error, trace.code].filter(Boolean).join(" ");
    await record({ name, startedAt, finishedAt: finishedAt(), outcome: "failed", counts: {}, error: reason });
    return "failed";
  }
}

async function record(row: typeof jobRuns.$inferInsert): Promise<void> {
  const { name: _name, ...set } = row;
  await db.insert(jobRuns).values(row).onConflictDoUpdate({ target: jobRuns.name, set });
}

/** Runs every job once and then by its schedule; returns how to stop. */
export function startJobs(): () => void {
  const run = (name: JobName) =>
    // The database is away: the next tick tries again.
    runJob(name).catch((error: unknown) => log("job.waits", { job: name, ...traceOf(error) }));
  const names = Object.keys(jobs) as JobName[];
  const timers = names.map(
    (name) =>
      new Cron(jobs[name].schedule, { timezone: "Asia/Tokyo", protect: true, unref: true }, async () => {
        await run(name);
      }),
  );
  for (const name of names) void run(name);
  return () => {
    for (const timer of timers) timer.stop();
  };
}
