/** What a backup costs whoever is served beside it: the rate from the backup's first moment to its last, beside the rate without, in turns. */

import { join } from "node:path";
import { runAtLowPriority } from "#api/backup/low-priority.ts";

export interface BackupCost {
  /** Things a second, one figure for each measurement. */
  without: number[];
  during: number[];
  /** Mean of the second over the mean of the first: a backup's beginning costs more than its rest. */
  ratio: number;
  /** Seconds that each backup took. */
  seconds: number[];
}

const turns = 3;
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** `dataDir`: of the running installation, whose keys lie in it; `rate` measures once, in a few seconds. */
export async function measureBackupCost(dataDir: string, rate: () => Promise<number>): Promise<BackupCost> {
  const cost: BackupCost = { without: [], during: [], ratio: 0, seconds: [] };
  const environment = { ...process.env, DATA_DIR: dataDir, LOG: "off" };
  await rate(); // warms up
  for (let turn = 0; turn < turns; turn++) {
    const since = performance.now();
    let isOver = false;
    const backup = runAtLowPriority(["backup", join(dataDir, "bench-backups"), "--gentle"], environment);
    const ended = backup.finally(() => {
      isOver = true;
      cost.seconds.push(Math.round((performance.now() - since) / 100) / 10);
    });
    const before = cost.during.length;
    while (!isOver) cost.during.push(Math.round(await rate()));
    await ended;
    // As many without: what grows meanwhile, and slows both down, is the same for both.
    for (let n = before; n < cost.during.length; n++) cost.without.push(Math.round(await rate()));
  }
  cost.ratio = Math.round((mean(cost.during) / mean(cost.without)) * 100) / 100;
  return cost;
}

export const inWords = ({ during, without, ratio, seconds }: BackupCost) =>
  `while a backup is taken: ${during.join(", ")} /s, without: ${without.join(", ")} /s, ratio ${ratio}; the backups took ${seconds.join(", ")} s`;
