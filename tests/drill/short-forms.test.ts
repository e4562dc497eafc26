/** The short form of every drill, as a process of its own. */

import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { drills } from "./drills.ts";

interface Result {
  result: string;
  losses: string[];
  reason?: string;
}

/** What `npm run drill -- NAME --short --json` answers. */
async function shortForm(name: string): Promise<Result> {
  const child = spawn(process.execPath, ["tests/drill/drill.ts", name, "--short", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let answer = "";
  child.stdout.on("data", (text: Buffer) => (answer += text.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return JSON.parse(answer) as Result;
}

test.each(Object.keys(drills))(
  "%s: nothing is lost, and nothing sent twice without a mark",
  { timeout: 300_000 },
  async (name) => {
    const { result, losses, reason } = await shortForm(name);
    if (reason !== undefined) process.stderr.write(`The drill ${name} is skipped: ${reason}\n`);
    expect(losses).toEqual([]);
    expect(result).toBe(reason === undefined ? "nothing lost" : "skipped");
  },
);
