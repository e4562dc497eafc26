/** What a backup costs intake: its rate while base backups are taken one after the other, beside its rate without, in turns. */

import { join } from "node:path";
import { runAtLowPriority } from "#api/backup/low-priority.ts";
import type { Measured } from "./load.ts";

export interface BackupCost {
  /** Requests a second, one figure a turn. */
  without: number[];
  during: number[];
  /** Median of the second over the median of the first. */
  ratio: number;
  /** Base backups that were taken meanwhile. */
  backups: number;
}

const turns = 5;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** `dataDir`: of the running installation, whose keys lie in it; `intake` measures its rate. */
export async function measureBackupCost(dataDir: string, intake: () => Promise<Measured>): Promise<BackupCost> {
  const cost: BackupCost = { without: [], during: [], ratio: 0, backups: 0 };
  for (let turn = 0; turn < turns; turn++) {
    cost.without.push((await intake()).perSecond);
    let isOver = false;
    const backingUp = (async () => {
      while (!isOver) {
        await runAtLowPriority(["backup", join(dataDir, "bench-backups"), "--gentle"], {
          ...process.env,
          ...{ DATA_DIR: dataDir, LOG: "off" },
        });
        cost.backups++;
      }
    })();
    cost.during.push((await intake()).perSecond);
    isOver = true;
    await backingUp;
  }
  cost.ratio = Math.round((median(cost.during) / median(cost.without)) * 100) / 100;
  return cost;
}
