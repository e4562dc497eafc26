import { expect, test } from "vitest";
import { recordClick } from "#analytics/clicks/record.ts";
import { healthRoutes } from "#api/health/routes.ts";
import { db } from "#db/client.ts";
import { jobRuns } from "#db/schema/jobs.ts";

const metrics = async () => (await (await healthRoutes.request("/metrics")).text()).split("\n");

test("/metrics says of the backups how much would be lost now, once there is one", async () => {
  expect((await metrics()).filter((line) => line.includes("komichi_backup_age_seconds"))).toEqual([]);
  const at = new Date(Date.now() - 90_000);
  await db.insert(jobRuns).values({
    ...{ name: "take_backup", startedAt: at, finishedAt: at, succeededAt: at, outcome: "done" as const },
    counts: { newest_at: Math.round(at.getTime() / 1000) },
  });
  const lines = await metrics();
  const help = lines.indexOf(
    "# HELP komichi_backup_age_seconds How many seconds old the newest of what the backups hold is: so much would be lost if this machine were lost now.",
  );
  expect(lines[help + 2]).toMatch(/^komichi_backup_age_seconds (?:89|9\d)$/u);
});

test("/metrics counts the landings by what became of them, those that never occurred as 0", async () => {
  const outcomes = ["token", "prefetch", "late", "refused", "failed", "crawler"];
  const lines = (counts: number[]) => [
    "# HELP komichi_landings_total Landings from advertisements at this process by what became of them.",
    "# TYPE komichi_landings_total counter",
    ...outcomes.map((outcome, n) => `komichi_landings_total{outcome="${outcome}"} ${counts[n]}`),
  ];
  const landings = async () => (await metrics()).filter((line) => line.includes("komichi_landings_total"));
  expect(await landings()).toEqual(lines([0, 0, 0, 0, 0, 0]));
  const query = new URLSearchParams("kw=a");
  await recordClick(query, { path: "/", userAgent: undefined, network: "" });
  await recordClick(query, { path: "/", userAgent: undefined, network: "", isPrefetch: true });
  await recordClick(query, { path: "/", userAgent: "Googlebot/2.1 (+http://www.google.com/bot.html)", network: "" });
  expect(await landings()).toEqual(lines([1, 1, 0, 0, 0, 1]));
});
