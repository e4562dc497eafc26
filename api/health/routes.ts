/** Whether the process is alive and ready, and its counters for Prometheus. */

import { isIPv4 } from "node:net";
import { sql } from "drizzle-orm";
import { Hono } from "hono";
import { landingOutcomes } from "#analytics/clicks/outcomes.ts";
import { backupHealth } from "#api/backup-health/health.ts";
import type { AppEnv, AppContext } from "#api/http/context.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { NotFound } from "#db/errors.ts";
import { jobRuns } from "#db/schema/jobs.ts";
import { installationMark } from "#db/vault/tokens.ts";
import { isVaultOpen } from "#db/vault/vault.ts";
import { ledgerCounts } from "#emails/outbox/outbox.ts";

/** Header fields of which a proxy sets one at least. */
const proxyHeaders = ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip", "via"];

/** Whether the request comes from this machine itself (loopback) and not through a proxy. */
function isLocal(c: AppContext): boolean {
  const address = c.env?.incoming?.socket.remoteAddress ?? "127.0.0.1";
  const isForwarded = proxyHeaders.some((name) => c.req.header(name) !== undefined);
  return (
    !isForwarded && (address === "::1" || (isIPv4(address.replace(/^::ffff:/u, "")) && /(?:^|:)127\./u.test(address)))
  );
}

/** The counters as Prometheus text: messages in the ledger by state, requests received by kind, the jobs' last runs, and landings. */
async function metrics(): Promise<string> {
  const counts = await ledgerCounts();
  const leads = await db.execute<{ kind: string; count: string }>(sql`select kind, count(*) from leads group by kind`);
  return [
    "# HELP komichi_deliveries Messages in the ledger by state.",
    "# TYPE komichi_deliveries gauge",
    ...Object.entries(counts).map(([state, count]) => `komichi_deliveries{state="${state}"} ${count}`),
    "# HELP komichi_leads_total Requests taken in.",
    "# TYPE komichi_leads_total counter",
    ...leads.map(({ kind, count }) => `komichi_leads_total{kind="${kind}"} ${count}`),
    ...(await jobMetrics()),
    ...landingMetrics(),
    ...(await backupMetrics(new Date())),
    "",
  ].join("\n");
}

/** What became of the landings in this process since its start; each process has counts of its own. */
function landingMetrics(): string[] {
  const counts = Object.entries(landingOutcomes());
  return [
    "# HELP komichi_landings_total Landings from advertisements at this process by what became of them.",
    "# TYPE komichi_landings_total counter",
    ...counts.map(([outcome, count]) => `komichi_landings_total{outcome="${outcome}"} ${count}`),
  ];
}

/** How old the newest backup is; absent while there is none. */
async function backupMetrics(now: Date): Promise<string[]> {
  const { upTo } = await backupHealth(now);
  if (upTo === null) return [];
  return [
    "# HELP komichi_backup_age_seconds How many seconds old the newest of what the backups hold is: so much would be lost if this machine were lost now.",
    "# TYPE komichi_backup_age_seconds gauge",
    `komichi_backup_age_seconds ${Math.round((now.getTime() - upTo.getTime()) / 1000)}`,
  ];
}

/** When each job ran last, how many seconds it took and whether it succeeded; NaN where the run has not ended. */
async function jobMetrics(): Promise<string[]> {
  const runs = await db.select().from(jobRuns).orderBy(jobRuns.name);
  const gauge = (name: string, help: string, value: (run: (typeof runs)[number]) => number) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...runs.map((run) => `${name}{job="${run.name}"} ${value(run)}`),
  ];
  return [
    ...gauge(
      "komichi_job_last_run_timestamp_seconds",
      "When the job was started last.",
      (run) => run.startedAt.getTime() / 1000,
    ),
    ...gauge(
      "komichi_job_last_run_duration_seconds",
      "How long it took; NaN while it runs.",
      // Subtracted in milliseconds: as seconds the floats would show rounding noise.
      (run) => (run.finishedAt === null ? Number.NaN : (run.finishedAt.getTime() - run.startedAt.getTime()) / 1000),
    ),
    ...gauge("komichi_job_last_run_success", "1 when it was done, 0 when it failed; NaN while it runs.", (run) =>
      run.outcome === "running" ? Number.NaN : Number(run.outcome === "done"),
    ),
  ];
}

export const healthRoutes = new Hono<AppEnv>()
  .get("/healthz", (c) => c.text("ok", 200, isVaultOpen() ? { "X-Installation": installationMark() } : {}))
  .get("/readyz", async (c) => {
    try {
      await db.execute(sql`select 1 from leads limit 1`);
      // A process that came before its database registers, and opens the vault, a moment after it.
      if (!isVaultOpen()) return c.text("database not open yet", 503);
      return c.text("ready");
    } catch {
      return c.text("database away", 503);
    }
  })
  .get("/metrics", async (c) => {
    if (!env.METRICS_PUBLIC && !isLocal(c)) throw new NotFound("metrics");
    return c.text(await metrics(), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
  });
