/**
 * Start times and memory at rest. Each role with the product's defaults on a
 * database of its own: milliseconds until /readyz answers 200 (a worker: until its start line), for a new database
 * and for the next start, and 20 seconds later the resident memory of the node process.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { nodeEnvironment, nodeFlags } from "#api/process/node-options.mjs";
import { freePort } from "#db/cluster/address.ts";
import { type Running, startProduct, stopProduct } from "../process.ts";

type Role = "web" | "all" | "worker";
type Started = Pick<Running, "process" | "readyAfterMs">;

/** Seconds at rest before the memory is read. */
const restSeconds = 20;

/** A worker answers no request: it is ready when it prints what it is. */
async function startWorker(variables: Record<string, string>): Promise<Started> {
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, "api/main.ts"], {
    env: { ...nodeEnvironment, ...process.env, ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the worker stopped while starting (${code})`)));
    child.stdout.on("data", (text: Buffer) => text.toString().includes("stop with Ctrl-C") && resolve());
  });
  return { process: child, readyAfterMs: Math.round(performance.now() - started) };
}

const residentMegabytes = ({ pid }: ChildProcess, field: "VmRSS" | "VmHWM") =>
  Math.round(
    Number(new RegExp(`${field}:\\s+(\\d+)`, "u").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024,
  );

async function measureRole(role: Role) {
  const folder = mkdtempSync(join(tmpdir(), "komichi-memory-"));
  const variables = { ROLE: role, DATA_DIR: folder, PORT: String(await freePort()), LOG: "json" };
  const start = (): Promise<Started> => (role === "worker" ? startWorker(variables) : startProduct(variables));
  const rest = async ({ process: child, readyAfterMs }: Started) => {
    await sleep(restSeconds * 1000);
    const measured = { readyAfterMs, mb: residentMegabytes(child, "VmRSS"), peakMb: residentMegabytes(child, "VmHWM") };
    await stopProduct({ process: child, port: 0, readyAfterMs });
    return measured;
  };
  const first = await rest(await start());
  const warm = await rest(await start());
  rmSync(folder, { recursive: true, force: true });
  return { role, first, warm };
}

/** Measures these roles one after the other and prints a line for each start. */
export async function measureMemory(roles: Role[], say: (line: string) => void) {
  say("role   | start      | ready ms | at rest MB | peak MB | load");
  const results = [];
  for (const role of roles) {
    const result = await measureRole(role);
    results.push(result);
    for (const [name, { readyAfterMs, mb, peakMb }] of Object.entries({ first: result.first, warm: result.warm }))
      say(
        `${role.padEnd(6)} | ${name.padEnd(10)} | ${String(readyAfterMs).padStart(8)} | ${String(mb).padStart(10)} | ${String(peakMb).padStart(7)} | ${(loadavg()[0] ?? 0).toFixed(1)}`,
      );
  }
  return results;
}
