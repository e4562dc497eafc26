import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { expect, inject, test } from "vitest";
import { healthRoutes } from "#api/health/routes.ts";
import { jobs, runJob, startJobs, timerFor } from "#api/jobs.ts";
import { openFolder } from "#db/backup/folder.ts";
import { connect, db, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { jobRuns } from "#db/schema/jobs.ts";

const name = "delete_expired";
const at = (iso: string) => new Date(iso);
const job = (run: () => Promise<Record<string, number>>) => ({ schedule: "7 * * * *", run });
const lastRun = async () => (await db.select().from(jobRuns).where(eq(jobRuns.name, name)))[0];

test("a job that ran leaves when, how it ended and what it counted", async () => {
  expect(
    await runJob(
      name,
      at("2026-11-20T01:07:00Z"),
      job(async () => ({ sessions: 3 })),
    ),
  ).toBe("done");
  expect(await lastRun()).toMatchObject({
    startedAt: at("2026-11-20T01:07:00Z"),
    outcome: "done",
    counts: { sessions: 3 },
    error: null,
  });
});

test("a job that failed says with what class and code, never with which words, and is tried again", async () => {
  const failing = job(() => db.execute(sql`select 'somebody wrote this'::int`).then(() => ({})));
  expect(await runJob(name, at("2026-11-20T02:07:00Z"), failing)).toBe("failed");
  const row = await lastRun();
  expect(row?.outcome).toBe("failed");
  expect(row?.error).toMatch(/22P02/u);
  expect(JSON.stringify(row)).not.toContain("somebody");
  expect(
    await runJob(
      name,
      at("2026-11-20T02:07:05Z"),
      job(async () => ({})),
    ),
  ).toBe("done");
});

test("what the last run counted stays while the next one runs, and when that fails", async () => {
  const seen: unknown[] = [];
  const look = async () => void seen.push((await lastRun())?.counts);
  await runJob(
    name,
    at("2026-11-20T02:17:00Z"),
    job(async () => ({ kept: 3 })),
  );
  const failing = job(async () => {
    await look();
    throw new Error("no");
  });
  await runJob(name, at("2026-11-20T02:27:00Z"), failing);
  await look();
  expect(seen).toEqual([{ kept: 3 }, { kept: 3 }]);
});

test("of processes whose clocks ring for one tick, one does the work", async () => {
  let runs = 0;
  const counted = job(async () => ({ runs: ++runs }));
  const now = at("2026-11-20T03:07:00Z");
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => runJob(name, now, counted)));
  expect(outcomes.toSorted()).toEqual(["done", ...Array.from({ length: 5 }, () => "skipped")]);
  expect(await runJob(name, at("2026-11-20T03:07:02Z"), counted)).toBe("skipped");
  expect(runs).toBe(1);
  expect(await runJob(name, at("2026-11-20T04:07:00Z"), counted)).toBe("done");
});

test("of machines that share a database each copies its own logs beside the backups, and deletes its own old ones", async () => {
  const before = { ...env };
  const now = at("2026-11-20T04:00:00Z");
  const files = ["accepted/2026-11-20-a.jsonl", "tombstones/2026-11-20-b.jsonl"];
  Object.assign(env, { DATABASE_URL: "postgres://elsewhere", BACKUP_DIR: join(before.DATA_DIR, "shared") });
  for (const [machine, file] of files.entries()) {
    env.DATA_DIR = join(before.DATA_DIR, `machine-${machine}`);
    for (const name of [file, "accepted/2026-08-01-c.jsonl"]) {
      mkdirSync(join(env.DATA_DIR, "logs", dirname(name)), { recursive: true });
      writeFileSync(join(env.DATA_DIR, "logs", name), '\n{"id":"a"}\n');
    }
    expect(await runJob("copy_logs", now)).toBe("done");
  }
  const copied = (await openFolder(env.BACKUP_DIR).list("logs/")).map(({ name }) => name);
  expect(copied).toEqual(files.map((file) => `logs/${file}`));
  Object.assign(env, before, { DATABASE_URL: undefined });
});

test("a job whose process was killed does not hold the next one up", async () => {
  await db
    .insert(jobRuns)
    .values({ name, startedAt: at("2026-11-20T05:07:00Z"), finishedAt: null, outcome: "running" })
    .onConflictDoUpdate({ target: jobRuns.name, set: { outcome: "running", startedAt: at("2026-11-20T05:07:00Z") } });
  expect(
    await runJob(
      name,
      at("2026-11-20T05:07:10Z"),
      job(async () => ({})),
    ),
  ).toBe("done");
});

test.each(["17 3 * * *", "0 0 * * *"])(
  "the schedule %s is read in Asia/Tokyo, on every day of the year alike",
  (schedule) => {
    const [minute = "", hour = ""] = schedule.split(" ");
    const inTokyo = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Tokyo", timeStyle: "short" });
    const runs = timerFor(schedule).nextRuns(366, at("2026-11-20T00:00:00Z"));
    expect(new Set(runs.map((run) => inTokyo.format(run)))).toEqual(
      new Set([`${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`]),
    );
    const gaps = runs.slice(1).map((run, i) => run.getTime() - (runs[i]?.getTime() ?? 0));
    expect(new Set(gaps)).toEqual(new Set([86_400_000]));
  },
);

test("every job has a schedule that comes again within a day", () => {
  const from = at("2026-11-20T00:00:00Z");
  const late = Object.entries(jobs).filter(([, { schedule }]) => {
    const next = timerFor(schedule).nextRun(from)?.getTime() ?? Number.POSITIVE_INFINITY;
    return next - from.getTime() > 86_400_000;
  });
  expect(late).toEqual([]);
});

test("at the start every job runs once, also where the pool has no more than two connections", async () => {
  const [row] = await db.execute<{ name: string }>(sql`select current_database() as name`);
  await disconnect();
  // The server of the tests does not lie in this DATA_DIR: its log cannot be shipped.
  Object.assign(env, { DATABASE_POOL: 2, BACKUP_DAYS: 0 });
  connect(siblingUrl(inject("clusterUrl"), row?.name ?? ""), { pool: 2 });
  await db.delete(jobRuns);
  const stop = startJobs();
  await expect
    .poll(async () => (await db.select().from(jobRuns)).map((run) => [run.name, run.outcome]).toSorted(), {
      timeout: 20_000,
    })
    .toEqual(
      Object.entries(jobs)
        .flatMap(([name, job]) => ("afterStartMs" in job ? [] : [[name, "done"]]))
        .toSorted(),
    );
  stop();
});

test("/metrics names every job that has run: when, for how long and how it ended", async () => {
  const startedAt = at("2026-11-20T06:07:00Z");
  const finishedAt = at("2026-11-20T06:07:02Z");
  await db.delete(jobRuns);
  await db.insert(jobRuns).values([
    { name: "apply_retention", startedAt, finishedAt, outcome: "failed" },
    { name: "delete_expired", startedAt, finishedAt, outcome: "done" },
    { name: "under_way", startedAt, finishedAt: null, outcome: "running" },
  ]);
  const lines = (await (await healthRoutes.request("/metrics")).text()).split("\n");
  const line = (gauge: string, job: string) => {
    const start = `komichi_job_last_run_${gauge}{job="${job}"} `;
    return lines.find((text) => text.startsWith(start))?.slice(start.length);
  };
  expect(
    ["apply_retention", "delete_expired", "under_way"].map((job) =>
      ["timestamp_seconds", "duration_seconds", "success"].map((gauge) => line(gauge, job)),
    ),
  ).toEqual([
    ["1795154820", "2", "0"],
    ["1795154820", "2", "1"],
    ["1795154820", "NaN", "NaN"],
  ]);
});
