/** Starts the product as its own process, the way `npm start` does, and waits until it is ready. */

import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeEnvironment, nodeFlags } from "#api/process/node-options.mjs";

export interface Running {
  process: ChildProcess;
  port: number;
  /** From spawning to the first ready answer. */
  readyAfterMs: number;
}

/** Spawns `program` of the product with these variables, without waiting until it is ready. */
export function spawnProduct(variables: Record<string, string>, program = ["api/main.ts"]): ChildProcess {
  return spawn(process.execPath, [...nodeFlags, ...program], {
    env: {
      ...nodeEnvironment,
      ...process.env,
      PUBLIC_ORIGIN: `http://localhost:${variables["PORT"]}`,
      LOG: "off",
      BACKUP_DAYS: "0",
      ...variables,
    },
    // A log is written, as in production, but read by nobody.
    stdio: ["ignore", "ignore", variables["LOG"] === "json" ? "ignore" : "inherit"],
  });
}

/** The same; ready when /readyz says so. */
export async function startProduct(variables: Record<string, string>, program?: string[]): Promise<Running> {
  const port = Number(variables["PORT"]);
  const started = performance.now();
  const child = spawnProduct(variables, program);
  while (!(await isReady(port))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the product stopped while starting (${child.exitCode ?? child.signalCode})`);
    await sleep(20);
  }
  return { process: child, port, readyAfterMs: Math.round(performance.now() - started) };
}

async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  );
}

/** Asks it to stop and waits until it has. */
export async function stopProduct({ process: child }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}
