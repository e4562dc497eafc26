import { expect, test } from "vitest";
import { recordClick } from "#analytics/clicks/record.ts";
import { healthRoutes } from "#api/health/routes.ts";

const metrics = async () => (await (await healthRoutes.request("/metrics")).text()).split("\n");

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
