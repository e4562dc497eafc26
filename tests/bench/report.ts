/**
 * The keyword report over three years of clicks, leads and daily cost, beside DuckDB's sums over the same rows.
 * By itself: node api/boot.mjs tests/bench/report.ts [-- --scale 0.1]
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { keywordReport } from "#analytics/keywords/report.ts";
import type { Period } from "#analytics/period.ts";
import type { Staff } from "#db/actor.ts";
import { dayAfter } from "#db/calendar/days.ts";
import { connect, disconnect } from "#db/client.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { migrate } from "#db/migrate.ts";
import { DuckTwin } from "./duck-twin.ts";
import { fillReport, firstDay, forgetIds, lastDay } from "./fill-report.ts";

/** Reports of a period that count, as often with ids in the exports as without them, and those that warm up before. */
const [counted, warming] = [15, 3];
/** What is promised, in ms: p95 of a report, and how long anything else may wait for the event loop meanwhile. */
const bars = { p95: 300, pause: 50 };

const periods: Record<"month" | "year" | "three years", Period> = {
  month: { from: dayAfter(lastDay, -29), to: lastDay },
  year: { from: dayAfter(lastDay, -364), to: lastDay },
  "three years": { from: firstDay, to: lastDay },
};

const analyst: Staff = { id: "", name: "Bench", email: "", role: "analyst" };

export interface ReportTime {
  period: keyof typeof periods;
  ids: boolean;
  p50: number;
  p95: number;
  /** Of DuckDB, for the sums alone. */
  duckP50: number;
  /** p50 against DuckDB's. */
  ratio: number;
  /** Of the event loop while reports run, and while nothing does: what the machine's other work costs. */
  longestPause: number;
  idlePause: number;
}

export interface ReportTimes {
  clicks: number;
  fillSeconds: number;
  loadBefore: number;
  times: ReportTime[];
  missed: string[];
}

/** Measures on the database that the pool is connected to, which is empty, and prints a line for each period. */
async function measureReports(scale: number, folder: string, say: (line: string) => void): Promise<ReportTimes> {
  const clicks = Math.round(1_000_000 * scale);
  const loadBefore = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  const since = performance.now();
  await fillReport(clicks);
  const fillSeconds = Math.round((performance.now() - since) / 100) / 10;
  say(
    `\nkeyword report, ${clicks} clicks (filled in ${fillSeconds} s), load before ${loadBefore}, ms; bars: p95 < ${bars.p95}, pause ≤ ${bars.pause}`,
  );
  say("period      | ids | p50    | p95    | DuckDB p50 | ratio | longest pause (idle)");
  const duck = await DuckTwin.of(folder);
  const times: ReportTime[] = [];
  for (const ids of [true, false]) {
    if (!ids) await forgetIds();
    for (const period of Object.keys(periods) as (keyof typeof periods)[]) {
      const one = await timeOf(period, ids, duck);
      times.push(one);
      say(
        `${period.padEnd(11)} | ${ids ? "yes" : "no "} | ${String(one.p50).padStart(6)} | ${String(one.p95).padStart(6)} | ${String(one.duckP50).padStart(10)} | ${String(one.ratio).padStart(5)} | ${one.longestPause} (${one.idlePause})`,
      );
    }
  }
  duck.close();
  say(`load after ${Math.round((loadavg()[0] ?? 0) * 10) / 10}`);
  const missed = times.filter(({ p95, longestPause }) => p95 >= bars.p95 || longestPause > bars.pause);
  return { clicks, fillSeconds, loadBefore, times, missed: missed.map((o) => `${o.period}, ids ${o.ids}`) };
}

async function timeOf(period: keyof typeof periods, ids: boolean, duck: DuckTwin): Promise<ReportTime> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const ours = await repeat(async () => {
    await keywordReport(analyst, periods[period]);
  }, delay);
  const idle = monitorEventLoopDelay({ resolution: 1 });
  idle.enable();
  await setTimeout(1000);
  idle.disable();
  const theirs = await repeat(() => duck.sums(periods[period]));
  return {
    ...{ period, ids, p50: at(ours, 0.5), p95: at(ours, 0.95), duckP50: at(theirs, 0.5) },
    ratio: Math.round((at(ours, 0.5) / at(theirs, 0.5)) * 100) / 100,
    longestPause: Math.round(delay.max / 1e6),
    idlePause: Math.round(idle.max / 1e6),
  };
}

/** Milliseconds of each run that counts, ascending. */
async function repeat(act: () => Promise<void>, delay?: ReturnType<typeof monitorEventLoopDelay>): Promise<number[]> {
  for (let n = 0; n < warming; n++) await act();
  delay?.enable();
  const times: number[] = [];
  for (let n = 0; n < counted; n++) {
    const start = performance.now();
    await act();
    times.push(performance.now() - start);
  }
  delay?.disable();
  return times.toSorted((a, b) => a - b);
}

const at = (sorted: number[], share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((one) => one !== "--"),
  options: { scale: { type: "string", default: "1" }, out: { type: "string" } },
});
const folder = mkdtempSync(join(tmpdir(), "komichi-report-"));
const cluster = await joinCluster(folder);
try {
  await migrate(cluster.url);
  connect(cluster.url, { pool: 4 });
  const measured = await measureReports(Number(values.scale), folder, (line) => void process.stdout.write(`${line}\n`));
  if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(measured));
  await disconnect();
} finally {
  await cluster.leave();
  rmSync(folder, { recursive: true, force: true });
}
