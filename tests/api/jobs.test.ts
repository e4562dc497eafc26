import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { runJob } from "#api/jobs.ts";
import { db } from "#db/client.ts";
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
