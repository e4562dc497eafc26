/** Every drill by name, in the order of the list. */

import { clock } from "./clock.ts";
import { crash } from "./crash.ts";
import { diskFull } from "./disk-full.ts";
import { failover } from "./failover.ts";
import type { Drill } from "./frame/drill.ts";
import { processes } from "./processes.ts";
import { slowSmtp } from "./slow-smtp.ts";

export const drills: Record<string, Drill> = {
  crash,
  processes,
  failover,
  "disk-full": diskFull,
  clock,
  "slow-smtp": slowSmtp,
};
