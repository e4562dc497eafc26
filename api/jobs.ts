/**
 * Scheduled jobs: a name, a schedule (cron pattern, Asia/Tokyo) and a function of a room that is given the
 * time and returns what it counted. Every process runs the schedules. An advisory lock lets one process at a
 * time do a job, and the row of its last run lets the others skip it; what each has to do for itself needs neither.
 *
 * Not here: the sender's poll (emails/sender/sender.ts), which every worker does on its own every two
 * seconds; and the watchdog of the embedded server (db/cluster/), which must work without a database for
 * locks and rows.
 */

import { Cron } from "croner";
import { eq, sql } from "drizzle-orm";
import { rollUpLeads } from "#analytics/landings/lead-months.ts";
import { rollUpLandings } from "#analytics/landings/roll-up.ts";
import { remindOfEndings } from "#api/approvals/remind.ts";
import { deleteKeptPages } from "#api/kept-pages/delete.ts";
import { sendNotices } from "#api/notices/send.ts";
import { publishNumbers } from "#api/numbers/publish.ts";
import { applyRetention, deleteExpired } from "#api/privacy/retention.ts";
import { sendSummaries } from "#api/summaries/send.ts";
import { db, transaction } from "#db/client.ts";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { jobRuns } from "#db/schema/jobs.ts";

interface Job {
  /** Cron pattern, read in Asia/Tokyo; with six fields the first is seconds. */
  schedule: string;
  run: (now: Date) => Promise<Record<string, number>>;
  /** Jobs of one queue wait for each other; absent: the one of most jobs. */
  queue?: string;
  /** Milliseconds after the start until the first run; absent: at once. */
  afterStartMs?: number;
  /** Milliseconds; done less than this long ago means done for the same tick by another process, whose clock may differ a little. Absent: 30 seconds. */
  sameTickMs?: number;
  /** Every process does it, also at the same time: its machine has files of its own. */
  isOfEachProcess?: boolean;
  /** It runs so often that only a failure is worth a line in the log. */
  isFrequent?: boolean;
}

/** Every job by name; the names stand in job_runs and in /metrics. */
export const jobs = {
  delete_expired: { schedule: "7 * * * *", run: deleteExpired },
  delete_kept_pages: { schedule: "*/5 * * * *", run: deleteKeptPages },
  apply_retention: { schedule: "12 * * * *", run: applyRetention },
  roll_up_landings: { schedule: "41 * * * *", run: rollUpLandings },
  roll_up_leads: { schedule: "42 * * * *", run: rollUpLeads },
  send_notices: { schedule: "* * * * *", run: sendNotices },
  // Due at 9:00 on the 3rd; each hour, so that a run that failed is made up for.
  send_summaries: { schedule: "0 * * * *", run: sendSummaries },
  // Due once a quarter; each hour, so that a run that failed, and a setting that is switched on later, are made up for.
  publish_numbers: { schedule: "26 * * * *", run: publishNumbers },
  // In the morning, when somebody is there to read it; a run that failed is made up for within the hour.
  remind_consents: { schedule: "20 9-17 * * *", run: remindOfEndings },
  // Loaded when they run: few processes do backups, and packing and sealing them takes some megabytes of code. Of pictures a worker needs nothing else.
  ship_wal: {
    schedule: "*/20 * * * * *",
    run: async () => (await import("#api/backup/ship.ts")).shipWal(),
    ...{ queue: "log", sameTickMs: 10_000, isFrequent: true },
  },
  copy_logs: {
    schedule: "*/20 * * * * *",
    run: async (now) => (await import("#api/backup/ship.ts")).copyOwnLogs(now),
    ...{ queue: "log", isFrequent: true, isOfEachProcess: true },
  },
  take_backup: {
    schedule: "*/5 * * * *",
    run: async (now) => (await import("#api/backup/schedule.ts")).takeDueBackup(now),
    ...{ queue: "backup", afterStartMs: 15_000, isFrequent: true },
  },
  // Each hour, so that the day for which no text names a picture begins when it was taken out.
  remove_unused_pictures: {
    schedule: "33 * * * *",
    run: async (now) => (await import("#api/newsletters/unused-pictures.ts")).removeUnusedPictures(now),
  },
  watch_backups: {
    schedule: "9,39 * * * *",
    run: async (now) => (await import("#api/backup-health/watch.ts")).watchBackups(now),
    afterStartMs: 600_000,
  },
} satisfies Record<string, Job>;

export type JobName = keyof typeof jobs;

/** First number of the jobs' advisory locks; the second is the hash of the job's name. */
const lockNamespace = 7_203_116;

/**
 * Runs one job now, unless another process is running it or has just done it (`skipped`). An error of the job is
 * logged and kept in its row, and not thrown: the next tick runs the job again. Throws when the database is away.
 * Takes two connections of the pool at least: one holds the lock.
 */
export async function runJob(
  name: JobName,
  now = new Date(),
  job: Job = jobs[name],
): Promise<"done" | "failed" | "skipped"> {
  if (job.isOfEachProcess) return finish(name, now, job);
  return transaction(async (tx) => {
    // Held until this transaction ends, which it does also when the process is killed. The job uses other connections.
    const [lock] = await tx.execute<{ taken: boolean }>(
      sql`select pg_try_advisory_xact_lock(${lockNamespace}, hashtext(${name})) as taken`,
    );
    if (!lock?.taken) return "skipped";
    const [last] = await db.select().from(jobRuns).where(eq(jobRuns.name, name));
    const { sameTickMs = 30_000 } = job;
    const isDone = last?.outcome === "done" && Math.abs(now.getTime() - last.startedAt.getTime()) < sameTickMs;
    if (isDone) return "skipped";
    await record({ name, startedAt: now, finishedAt: null, outcome: "running", error: null });
    return finish(name, now, job);
  });
}

async function finish(name: JobName, startedAt: Date, job: Job): Promise<"done" | "failed"> {
  const started = performance.now();
  const finishedAt = () => new Date(startedAt.getTime() + Math.round(performance.now() - started));
  try {
    const counts = await job.run(startedAt);
    const [endedAt, ms] = [finishedAt(), Math.round(performance.now() - started)];
    await record({ name, startedAt, finishedAt: endedAt, succeededAt: endedAt, outcome: "done", counts, error: null });
    if (!job.isFrequent) log("job", { job: name, outcome: "done", ms, ...counts });
    return "done";
  } catch (error) {
    const trace = traceOf(error);
    log("job", { job: name, outcome: "failed", ...trace });
    const reason = [trace.error, trace.code].filter(Boolean).join(" ");
    await record({ name, startedAt, finishedAt: finishedAt(), outcome: "failed", error: reason });
    return "failed";
  }
}

async function record(row: typeof jobRuns.$inferInsert): Promise<void> {
  const { name: _name, ...set } = row;
  await db.insert(jobRuns).values(row).onConflictDoUpdate({ target: jobRuns.name, set });
}

/** The timer of a schedule; stopped with `stop()`. Japan has no daylight saving time, so each day has every hour once. */
export const timerFor = (schedule: string, run?: () => void): Cron =>
  new Cron(schedule, { timezone: "Asia/Tokyo", unref: true }, run);

/** For each job, when it is due after a moment. */
export const dueTimes = (): Record<string, (after: Date) => Date | null> =>
  Object.fromEntries(
    Object.entries(jobs).map(([name, { schedule }]) => [name, (after: Date) => timerFor(schedule).nextRun(after)]),
  );

/** With fewer connections than this all jobs share one queue. */
const poolForQueues = 6;

/**
 * Runs every job once and then by its schedule. In this process those of one queue run one after the other: each holds a
 * connection for its lock, so many jobs side by side could take all of a small pool and wait for each other. Returns how to
 * stop; a job under way is not waited for, and is run again at the next start.
 */
export function startJobs(): () => void {
  const waiting = new Set<JobName>();
  let isStopped = false;
  const queues = new Map<string, Promise<void>>();
  const runAfter = async (earlier: Promise<void> | undefined, name: JobName) => {
    await earlier;
    waiting.delete(name);
    if (!isStopped) await runOrLog(name);
  };
  const enqueue = (name: JobName) => {
    // A tick that comes while the job still waits for its turn is the same turn.
    if (waiting.has(name)) return;
    waiting.add(name);
    const job: Job = jobs[name];
    const queue = env.DATABASE_POOL < poolForQueues ? "" : (job.queue ?? "");
    queues.set(queue, runAfter(queues.get(queue), name));
  };
  const names = Object.keys(jobs) as JobName[];
  const timers = names.map((name) => timerFor(jobs[name].schedule, () => enqueue(name)));
  for (const name of names) {
    const job: Job = jobs[name];
    if (job.afterStartMs === undefined) enqueue(name);
    else setTimeout(() => enqueue(name), job.afterStartMs).unref();
  }
  return () => {
    isStopped = true;
    for (const timer of timers) timer.stop();
  };
}

/** While the database is away a job is only logged; the next tick tries again. */
async function runOrLog(name: JobName): Promise<void> {
  await runJob(name).catch((error: unknown) => log("job.waits", { job: name, ...traceOf(error) }));
}
