/**
 * node tests/db/cluster/lock-rounds.ts [ROUNDS]: in each round a process is killed while it holds the lock, and four
 * others want it, some of them already waiting. Prints in how many rounds two held it at once; exit 1 if in any.
 */

import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { lock } from "#db/cluster/lock.ts";

const program = fileURLToPath(import.meta.url);
const starters = 4;

export interface Rounds {
  rounds: number;
  /** Rounds in which two processes held the lock at once. */
  doubled: number;
  /** Longest wait for the first of the four, in milliseconds. */
  slowest: number;
}

type Told = { held: true } | { isAlone: boolean };

const answer = (child: ChildProcess) =>
  new Promise<Told>((resolve, reject) => {
    const ended = () => reject(new Error("a starter ended"));
    child.once("exit", ended);
    child.once("message", (told) => {
      child.off("exit", ended);
      resolve(told as Told);
    });
  });

/** Plays so many rounds in a folder of its own. */
export async function lockRounds(rounds: number): Promise<Rounds> {
  const folder = mkdtempSync(join(tmpdir(), "komichi-lock-"));
  const begin = (role: string) => fork(program, [role, folder], { execArgv: [] });
  const four = Array.from({ length: starters }, () => begin("starter"));
  const result = { rounds, doubled: 0, slowest: 0 };
  try {
    for (let round = 0; round < rounds; round++) {
      const victim = begin("victim");
      await answer(victim);
      // They come when it is dead already, and every other time while it still lives.
      const isDead = new Promise((resolve) => victim.once("exit", resolve));
      if (round % 2 === 0) {
        victim.kill("SIGKILL");
        await isDead;
      }
      const started = performance.now();
      const answers = four.map(answer);
      for (const child of four) child.send("go");
      victim.kill("SIGKILL");
      await Promise.race(answers);
      result.slowest = Math.max(result.slowest, Math.round(performance.now() - started));
      const told = await Promise.all(answers);
      if (told.some((one) => "isAlone" in one && !one.isAlone)) result.doubled++;
    }
  } finally {
    for (const child of four) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
  return result;
}

/** Takes the lock once; false when another process was inside at the same time. */
async function enter(folder: string): Promise<boolean> {
  const release = await lock(join(folder, "rounds.lock"));
  const inside = join(folder, "inside");
  let isAlone = true;
  try {
    mkdirSync(inside);
  } catch {
    isAlone = false;
  }
  await sleep(5);
  if (isAlone) rmdirSync(inside);
  release();
  return isAlone;
}

const [word = "200", folder = ""] = process.argv[1] === program ? process.argv.slice(2) : ["none"];
if (word === "victim") {
  await lock(join(folder, "rounds.lock"));
  process.send?.({ held: true });
  setInterval(() => {}, 1000);
} else if (word === "starter") {
  process.on("message", () => void enter(folder).then((isAlone) => process.send?.({ isAlone })));
} else if (word !== "none") {
  const { rounds, doubled, slowest } = await lockRounds(Number(word));
  process.stdout.write(`two holders in ${doubled} of ${rounds} rounds; slowest first holder ${slowest} ms\n`);
  process.exitCode = doubled === 0 ? 0 : 1;
}
