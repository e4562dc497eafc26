/** Commands of the administrator's terminal that a running product starts by itself, where they disturb nobody. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** All variables of a process; absent: those of this one. */
type Environment = Record<string, string | undefined>;

/** Those that have not ended. */
const running = new Set<ChildProcess>();
let isStopping = false;

/** Starts a command (api/cli.ts) in a process of the lowest priority. */
export function startAtLowPriority(words: string[], environment?: Environment): ChildProcess {
  const child = spawn(process.execPath, ["api/cli.ts", ...words], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    ...(environment && { env: environment }),
  });
  if (child.pid === undefined) return child;
  setPriority(child.pid, constants.priority.PRIORITY_LOW);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Ends those under way, and waits until they have ended: their work is begun anew at the next start. */
export async function stopStarted(): Promise<void> {
  isStopping = true;
  await Promise.all([...running].map((child) => (child.kill(), once(child, "exit"))));
}

/** The same as starting it, and waits for its end. Throws when it failed; one that `stopStarted` ended neither returns nor throws. */
export async function runAtLowPriority(words: string[], environment?: Environment): Promise<void> {
  const child = startAtLowPriority(words, environment);
  const end = await new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  if (isStopping) return new Promise(() => {});
  if (end !== 0) throw Object.assign(new Error("the backup failed"), { code: String(end) });
}
