import { expect, test } from "vitest";
import { Pace } from "#api/backup/pace.ts";

/** A process that has worked so many milliseconds before each rest; returns how long each rest was. */
async function restsAfter(share: number, ...workedMs: number[]): Promise<number[]> {
  const rests: number[] = [];
  let used = 0;
  // Two thirds in the process's own code, the rest in the kernel's for it.
  const cpuUsage = () => ({ user: (used * 2) / 3, system: used / 3 });
  const sleep = async (ms: number) => void rests.push(Math.round(ms));
  const pace = new Pace(share, { cpuUsage, sleep });
  for (const ms of workedMs) {
    used += ms * 1000;
    await pace.rest();
  }
  return rests;
}

test.each<[string, number, number[], number[]]>([
  ["a fifth of a core rests four times as long as it worked", 0.2, [60], [240]],
  ["what was worked since the last rest counts, during that rest too", 0.5, [20, 80], [20, 80]],
  ["with a fortieth 25 ms are followed by almost a second", 0.025, [25], [975]],
  ["less than a millisecond is not waited for", 0.5, [0.5], []],
  ["with a whole core nothing rests", 1, [100, 100], []],
])("%s", async (_, share, worked, rests) => {
  expect(await restsAfter(share, ...worked)).toEqual(rests);
});

test("the first rest makes up for the start of the process", async () => {
  const { user, system } = process.cpuUsage();
  const rests: number[] = [];
  const sleep = async (ms: number) => void rests.push(ms);
  await new Pace(0.5, { cpuUsage: () => process.cpuUsage(), sleep }).rest();
  expect(rests[0]).toBeGreaterThanOrEqual((user + system) / 1000);
});
