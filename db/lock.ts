/** One process at a time in a folder, also after any of them was killed. */
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A lock file holding our pid, whole from its first moment; one whose holder died is taken over. */
export async function lock(path: string): Promise<() => void> {
  const mine = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(mine, String(process.pid), { mode: 0o600 });
  try {
    for (;;) {
      try {
        linkSync(mine, path);
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        const holder = holderOf(path);
        if (holder !== undefined && isAlive(holder)) await sleep(50);
        else if (holder !== undefined) rmSync(path, { force: true });
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Process id in a lock, 0 if it says none; undefined when the lock is gone. */
function holderOf(path: string): number | undefined {
  try {
    return Number(readFileSync(path, "utf8")) || 0;
  } catch {
    return undefined;
  }
}

/** Whether a process runs; one that has ended and waits to be reaped does not. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    // A killed child that nobody has waited for still answers signals.
    return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EPERM" || (code === "ENOENT" && process.platform !== "linux");
  }
}
