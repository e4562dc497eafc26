/** Commands of the administrator's terminal that a running product starts by itself, where they disturb nobody. */

import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs a command (api/cli.ts) in a process of the lowest priority, and waits for its end. `environment`: all its
 * variables; absent: those of this process. Throws when it failed.
 */
export async function runAtLowPriority(
  words: string[],
  environment?: Record<string, string | undefined>,
): Promise<void> {
  const child = spawn(process.execPath, ["api/cli.ts", ...words], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    ...(environment && { env: environment }),
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  const end = await ended;
  if (end !== 0) throw Object.assign(new Error("the backup failed"), { code: String(end) });
}
