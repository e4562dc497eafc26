/**
 * PostgreSQL servers that were started in a folder which was moved away since. They know their files by the folder's old
 * path, so at their next checkpoint they would write over those of the server that is there now.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Refused } from "#db/errors.ts";

/** Milliseconds that one has to end which is about to. */
const timeoutMs = 3000;

/** Before a server is started in `dataDir`: throws Refused while another one, of before the folder was moved, still runs. Sees none where there is no /proc. */
export async function refuseOrphanedServers(dataDir: string): Promise<void> {
  const until = Date.now() + timeoutMs;
  let [orphan] = orphansOf(dataDir);
  while (orphan !== undefined && Date.now() < until) {
    await sleep(100);
    [orphan] = orphansOf(dataDir);
  }
  if (orphan === undefined) return;
  throw new Refused(
    `A PostgreSQL that was started in ${dataDir} before this folder was moved or replaced still runs (pid ${orphan}). It would write over the files that are there now. End it with: kill -QUIT ${orphan}   and start again.`,
  );
}

/** Process ids of servers whose command line names this folder. Their sessions show another one. */
function orphansOf(dataDir: string): number[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  return readdirSync("/proc")
    .filter(
      (name) =>
        /^\d+$/u.test(name) &&
        commandOf(name)
          .join("\0")
          .includes(`\0-D\0${join(dataDir, "pg")}\0`),
    )
    .map(Number);
}

/** Words of a process's command line; none where it has ended. */
function commandOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
