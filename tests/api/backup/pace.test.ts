import { expect, test } from "vitest";
import { Pace } from "#api/backup/pace.ts";

test("work that keeps to a fifth of a core rests four times as long as it worked", async () => {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  const pace = new Pace(0.2, before);
  while (process.cpuUsage(before).user < 60_000) Math.random();
  await pace.rest();
  const { user, system } = process.cpuUsage(before);
  // Resting itself costs a little, which the next rest makes good.
  expect((user + system) / 1000 / (performance.now() - begun)).toBeLessThan(0.25);
});

test("what is worked during a rest counts for the next one", async () => {
  const before = process.cpuUsage();
  const burn = (microseconds: number) => {
    const since = process.cpuUsage();
    while (process.cpuUsage(since).user < microseconds) Math.random();
  };
  const pace = new Pace(0.5, before);
  burn(20_000);
  setTimeout(() => burn(80_000), 0);
  await pace.rest();
  const begun = performance.now();
  await pace.rest();
  expect(performance.now() - begun).toBeGreaterThan(75);
});

test("the first rest makes up for the start of the process", async () => {
  const begun = performance.now();
  const { user, system } = process.cpuUsage();
  await new Pace(0.9).rest();
  expect(performance.now() - begun).toBeGreaterThan((user + system) / 1000 / 10);
});

test("with a whole core nothing rests", async () => {
  const pace = new Pace(1);
  let isLater = false;
  setTimeout(() => (isLater = true), 0);
  const before = process.cpuUsage();
  while (process.cpuUsage(before).user < 10_000) Math.random();
  await pace.rest();
  expect(isLater).toBe(false);
});
