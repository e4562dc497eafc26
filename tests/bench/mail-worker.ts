/** A mail server, a worker of the product and an issue for it to send: what the benches of newsletters measure with. */

import { type ChildProcess, fork } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { type makeReaders, sendIssue } from "../many-readers.ts";
import { spawnProduct } from "../process.ts";

export const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The next message of a forked process. */
export const heard = <T>(child: ChildProcess) =>
  new Promise<T>((resolve) => child.once("message", (message) => resolve(message as T)));

/** Seconds of CPU time that a process has used so far. */
function cpuOf(pid: number | string): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /su, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

/** The same of the database's server, with all its processes that still run. */
function databaseCpu(postmaster: string): number {
  const isChild = (pid: string) => {
    try {
      return (
        readFileSync(`/proc/${pid}/stat`, "utf8")
          .replace(/^.*\) /su, "")
          .split(" ")[1] === postmaster
      );
    } catch {
      return false;
    }
  };
  const pids = readdirSync("/proc").filter((name) => /^\d+$/u.test(name) && isChild(name));
  return [postmaster, ...pids].reduce((sum, pid) => sum + cpuOf(pid), 0);
}

const postmaster = () => readFileSync(join(env.DATA_DIR, "pg/postmaster.pid"), "utf8").split("\n")[0] ?? "";
export const residentMb = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

export async function openSink(delayMs: number) {
  const child = fork("tests/bench/mail-sink.ts", [String(delayMs)]);
  const { port } = await heard<{ port: number }>(child);
  /** Seconds from the first to the last of so many messages. */
  const receive = (count: number) => {
    child.send(count);
    return heard<{ seconds: number }>(child);
  };
  /** Calls back for each such number, the ones after it too. */
  const onCount = (callBack: (count: { seconds: number }) => void) =>
    child.on("message", (message) => callBack(message as { seconds: number }));
  return { port, receive, onCount, close: () => child.disconnect() };
}

export const startWorker = (port: number, connections: number, dkim: Record<string, string>) =>
  spawnProduct({
    ...{ DATA_DIR: env.DATA_DIR, ROLE: "worker", PORT: "0", LOG: "json", ...dkim },
    ...{ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_CONNECTIONS: String(connections), MAIL_PER_MINUTE: "100000000" },
  });

export async function stopWorker(worker: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => worker.once("exit", resolve));
  worker.kill("SIGTERM");
  await gone;
}

export type Audience = Awaited<ReturnType<typeof makeReaders>>;

/** One issue to so many readers: messages a second at the mail server, and CPU seconds of 1,000. */
export async function ours(
  sink: Awaited<ReturnType<typeof openSink>>,
  worker: ChildProcess,
  audience: Audience,
  count: number,
) {
  const [pid, server] = [worker.pid ?? 0, postmaster()];
  const before = { worker: cpuOf(pid), database: databaseCpu(server) };
  const receiving = sink.receive(count);
  await sendIssue(audience, count);
  const { seconds } = await receiving;
  await allWritten();
  const cpu = (now: number, then: number) => ((now - then) / count) * 1000;
  return {
    perSecond: count / seconds,
    cpu: cpu(cpuOf(pid), before.worker),
    database: cpu(databaseCpu(server), before.database),
  };
}

async function allWritten(): Promise<void> {
  for (;;) {
    const [row] = await db.execute<{ open: boolean }>(
      "select exists (select from deliveries where state in ('queued', 'retry', 'leased')) as open",
    );
    if (row?.open !== true) return;
    await sleep(20);
  }
}
