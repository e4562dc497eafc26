/** What a backup costs whoever is served beside it: the rate during its first minute, beside the rate without, in turns. */

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startAtLowPriority } from "#api/backup/low-priority.ts";

export interface BackupCost {
  /** Things a second, one figure for each measurement. */
  without: number[];
  during: number[];
  /** Mean of the second over the mean of the first: a backup's beginning costs more than its rest. */
  ratio: number;
}

const turns = 3;
/** Of each turn, with and without. */
const turnMs = 60_000;
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** `dataDir`: of the running installation, whose keys lie in it; `rate` measures once, in a few seconds. */
export async function measureBackupCost(dataDir: string, rate: () => Promise<number>): Promise<BackupCost> {
  const environment = { ...process.env, DATA_DIR: dataDir, LOG: "off" };
  const rates = async (until: number) => {
    const found: number[] = [];
    while (performance.now() < until) found.push(Math.round(await rate()));
    return found;
  };
  const cost: BackupCost = { without: [], during: [], ratio: 0 };
  await rates(performance.now() + turnMs / 2); // warms up
  for (let turn = 0; turn < turns; turn++) {
    const backup = startAtLowPriority(["backup", join(dataDir, "bench-backups"), "--gentle"], environment);
    const ended = new Promise((resolve) => backup.once("exit", resolve));
    cost.during.push(...(await rates(performance.now() + turnMs)));
    // At full intake the database grows as fast as it is copied; the next backup clears away what this one leaves.
    if (backup.exitCode === null) backup.kill();
    await ended;
    await sleep(1000);
    cost.without.push(...(await rates(performance.now() + turnMs)));
  }
  cost.ratio = Math.round((mean(cost.during) / mean(cost.without)) * 100) / 100;
  return cost;
}

/** One line about it. */
export const inWords = ({ during, without, ratio }: BackupCost) =>
  `while a backup is taken: ${Math.round(mean(during))} /s (${during.length} measurements, ${Math.min(...during)} at least), without: ${Math.round(mean(without))} /s (${without.length}, ${Math.min(...without)}), ratio ${ratio}`;
