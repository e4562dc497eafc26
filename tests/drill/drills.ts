/** Every drill by name, in the order of the list. */

import { backup } from "./backup.ts";
import { clock } from "./clock.ts";
import { crash } from "./crash.ts";
import { diskFull } from "./disk-full.ts";
import { failover } from "./failover.ts";
import type { Drill } from "./frame/drill.ts";
import { newsletter } from "./newsletter.ts";
import { processes } from "./processes.ts";
import { restore } from "./restore.ts";
import { slowSmtp } from "./slow-smtp.ts";
import { upgrade } from "./upgrade.ts";

export const drills: Record<string, Drill> = {
  crash,
  processes,
  failover,
  "disk-full": diskFull,
  clock,
  "slow-smtp": slowSmtp,
  newsletter,
  restore,
  backup,
  upgrade,
};
